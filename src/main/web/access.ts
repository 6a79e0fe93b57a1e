import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const secret = () => randomBytes(32).toString('base64url');

/** Compares in constant time whatever the lengths, by comparing digests. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

const launchLifeMs = 60_000;

/**
 * Who may come in. Everything on this machine can reach a loopback port, so the first visit must
 * bring a token and every later one the cookie it got in exchange; Host and Origin keep out pages
 * of other sites that reach us through the user's own browser.
 */
export class Access {
  readonly #port: number;
  readonly #token = secret();
  readonly #cookie = secret();
  readonly #launches = new Map<string, number>();

  constructor(port: number) {
    this.#port = port;
  }

  /** The address to print: admits as often as it is used, for this run. */
  get url(): string {
    return `${this.origin}/?token=${this.#token}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /**
   * An address that admits once, within a minute. For a browser we start ourselves: other accounts
   * can read its command line.
   */
  launchUrl(nowMs = Date.now()): string {
    const launch = secret();
    this.#launches.set(launch, nowMs + launchLifeMs);
    return `${this.origin}/?token=${launch}`;
  }

  /** Whether a token admits; a launch token is used up by this. */
  admitsToken(candidate: string, nowMs = Date.now()): boolean {
    if (isSame(candidate, this.#token)) return true;
    for (const [launch, endsAtMs] of this.#launches) {
      if (!isSame(candidate, launch)) continue;
      this.#launches.delete(launch);
      return nowMs <= endsAtMs;
    }
    return false;
  }

  /** Cookies ignore ports, so the name carries it: two instances must not sign each other out. */
  get cookieName(): string {
    return `poolscope-${this.#port}`;
  }

  get setCookie(): string {
    return `${this.cookieName}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`;
  }

  admitsCookie(request: IncomingMessage): boolean {
    for (const part of (request.headers.cookie ?? '').split(';')) {
      const [name, value = ''] = part.trim().split('=', 2);
      if (name === this.cookieName && isSame(value, this.#cookie)) return true;
    }
    return false;
  }

  /** A name of ours in Host; any other means DNS was bent towards this machine. */
  isOurHost(request: IncomingMessage): boolean {
    const { host } = request.headers;
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`;
  }

  /** Whether the page that asks was served by us, under the very name it asks for. */
  isOurOrigin(request: IncomingMessage): boolean {
    return this.isOurHost(request) && request.headers.origin === `http://${request.headers.host}`;
  }
}

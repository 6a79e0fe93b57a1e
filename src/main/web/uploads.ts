import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EngineError } from '#engine/base/errors.ts';
import type { OpenOutcome, OpenRequest } from '#engine/ports.ts';

const ticketLifeMs = 10 * 60_000;

interface Waiting {
  callerId: string;
  maxBytes: number;
  receive(file: { path: string; fileName: string }, signal: AbortSignal): Promise<unknown>;
  timer: NodeJS.Timeout;
}

/** Files the engine asks for, each with a one-time address that the page sends the file to. */
export class Uploads {
  readonly #waiting = new Map<string, Waiting>();

  /** The shell's `openFile` port. The address works once, within ten minutes, while its caller stays connected. */
  open<T>({ callerId, maxBytes, receive, signal }: OpenRequest<T>): OpenOutcome<T> {
    if (signal.aborted) return { kind: 'cancelled' };
    const ticket = randomBytes(32).toString('base64url');
    const timer = setTimeout(() => this.#waiting.delete(ticket), ticketLifeMs);
    timer.unref();
    this.#waiting.set(ticket, { callerId, maxBytes, receive, timer });
    return { kind: 'upload', url: `/upload/${ticket}`, maxBytes };
  }

  /**
   * Takes the body of a request as the file of a ticket and answers with what the engine made of
   * it. Null when there is no such ticket (any more).
   * @throws what the engine threw, `bad_input` for a file that is too large, `cancelled` when the page went away
   */
  async receive(ticket: string, request: IncomingMessage): Promise<{ value: unknown } | null> {
    const waiting = this.#take(ticket);
    if (waiting === undefined) return null;
    const folder = await mkdtemp(path.join(tmpdir(), 'poolscope-upload-'));
    const gone = new AbortController();
    const onClose = () => gone.abort();
    try {
      // Our own name: the one it had elsewhere is only ever shown.
      const file = path.join(folder, 'upload');
      await store(request, file, waiting.maxBytes);
      request.socket.once('close', onClose);
      return { value: await waiting.receive({ path: file, fileName: nameOf(request) }, gone.signal) };
    } finally {
      request.socket.off('close', onClose);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Drops what a caller was asked for and never sent. */
  forget(callerId: string): void {
    for (const [ticket, waiting] of this.#waiting) if (waiting.callerId === callerId) this.#take(ticket);
  }

  #take(ticket: string): Waiting | undefined {
    const waiting = this.#waiting.get(ticket);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(ticket);
    return waiting;
  }
}

async function store(request: IncomingMessage, file: string, maxBytes: number): Promise<void> {
  const tooLarge = () =>
    new EngineError(
      'bad_input',
      `The file is larger than ${Math.floor(maxBytes / 2 ** 20)} MiB, the most that is opened.`,
    );
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  let bytes = 0;
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes > maxBytes) done(tooLarge());
      else done(null, piece);
    },
  });
  try {
    await pipeline(request, counted, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (error instanceof EngineError) throw error;
    if (request.destroyed && !request.complete) throw new EngineError('cancelled', 'Cancelled.');
    throw new EngineError(
      'storage_failed',
      'The file could not be stored for opening.',
      {},
      { cause: error },
    );
  }
}

/** The name the page gives, percent-encoded in a header; for people to read, never a path. */
function nameOf(request: IncomingMessage): string {
  const header = request.headers['x-file-name'];
  try {
    const name = decodeURIComponent(typeof header === 'string' ? header : '');
    return path.basename(name.replaceAll('\\', '/')).slice(0, 200) || 'file';
  } catch {
    return 'file';
  }
}

import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { EngineError } from '../../base/errors.ts';

export interface Posted {
  status: number;
}

/** What an answer may hold before it is cut off; nothing of it is used. */
const mostAnswerBytes = 64 * 1024;

/** "sha256=…": HMAC-SHA256 of the body under the secret, in hexadecimal. */
export const signatureOf = (body: string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** Host and port, and nothing that may be a secret: paths of webhooks often are. */
export const targetName = (url: string): string => new URL(url).host;

const failed = (message: string, remedy: string, cause?: unknown): EngineError =>
  new EngineError('webhook_failed', message, { remedy }, { cause });

const reasons: Record<string, [reason: string, remedy: string]> = {
  ECONNREFUSED: ['nothing accepts connections there', 'Check that the target runs, and its port.'],
  ENOTFOUND: ['the host name was not found', 'Check its spelling.'],
  EAI_AGAIN: ['the host name could not be looked up', 'Check the network.'],
  ECONNRESET: ['the connection broke off', 'Check the target; its log may say why.'],
  EHOSTUNREACH: ['the network does not reach it', 'Check the network, and a VPN if one is needed.'],
  ENETUNREACH: ['the network does not reach it', 'Check the network, and a VPN if one is needed.'],
};

function inWords(error: unknown, url: string, timeoutMs: number): EngineError {
  const target = targetName(url);
  const { name, code = '' } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') {
    return failed(
      `${target} did not answer within ${timeoutMs / 1000} seconds.`,
      'Check that the target runs and answers as soon as it has the alert.',
      error,
    );
  }
  if (code.startsWith('ERR_TLS') || /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return failed(
      `The certificate of ${target} is not trusted (${code}).`,
      'Install a certificate that this computer trusts on the target.',
      error,
    );
  }
  const [reason, remedy] = reasons[code] ?? [
    `it could not be reached${code === '' ? '' : ` (${code})`}`,
    'Check the address and the network.',
  ];
  return failed(`Nothing was delivered to ${target}: ${reason}.`, remedy, error);
}

function request(
  url: string,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { request: open } = url.startsWith('https:') ? https : http;
  // A connection for each: deliveries are rare, and nothing must stay open between them.
  const sent = open(url, { method: 'POST', headers, agent: false, signal }, (answer) => {
    let bytes = 0;
    const status = answer.statusCode ?? 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostAnswerBytes) answer.destroy();
    });
    answer.on('close', () => resolve(status));
    answer.on('error', () => resolve(status));
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

/**
 * Sends one text as JSON. Redirects are not followed: the answer is what the address itself says.
 * @throws EngineError `webhook_failed` in words, `cancelled` when the signal ends it
 */
export async function postJson(options: {
  url: string;
  body: string;
  deliveryId: string;
  secret: string | null;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<Posted> {
  const { url, body, deliveryId, secret, timeoutMs, signal } = options;
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'Poolscope',
    'x-poolscope-delivery': deliveryId,
  };
  if (secret !== null) headers['x-poolscope-signature'] = signatureOf(body, secret);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return { status: await request(url, headers, body, AbortSignal.any([signal, timeout])) };
  } catch (error) {
    if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
    throw inWords(timeout.aborted ? timeout.reason : error, url, timeoutMs);
  }
}

/** Null for an answer that took the alert; else what is wrong with it. */
export function refusalOf(url: string, status: number): EngineError | null {
  const target = targetName(url);
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) {
    return failed(
      `${target} answered ${status} and points elsewhere; redirects are not followed.`,
      'Enter the address it points to.',
    );
  }
  const remedy =
    status === 401 || status === 403
      ? 'Check what the target asks for, and the signing secret on both sides.'
      : status >= 500
        ? 'The target has trouble of its own; look at its log.'
        : 'Check the address; the log of the target may say what it expects.';
  return failed(`${target} refused the alert with status ${status}.`, remedy);
}

/** Whether the same delivery may well be taken later. */
export const isPassing = (status: number | null): boolean =>
  status === null || status === 429 || status === 408 || status >= 500;

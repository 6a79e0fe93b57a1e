import type { Envelope } from '#shared/contract/errors.ts';
import type { OpenBundle } from '#shared/contract/history-bundle.ts';
import { RequestError } from '../bridge/client.ts';

/** The part of `fetch` this needs. */
type Fetch = (url: string, init: RequestInit) => Promise<Pick<Response, 'text'>>;

/**
 * Sends a bundle to a one-time address of the web shell; resolves with it opened.
 * @throws RequestError in the engine's words, or when the file did not get there
 */
export async function sendBundle(
  url: string,
  file: File,
  signal: AbortSignal,
  send: Fetch = fetch,
): Promise<OpenBundle> {
  // The name is only ever shown; a header holds no letters beyond ASCII.
  const headers = {
    'Content-Type': 'application/octet-stream',
    'X-File-Name': encodeURIComponent(file.name.toWellFormed()),
  };
  let answer: string;
  try {
    answer = await (await send(url, { method: 'POST', body: file, headers, signal })).text();
  } catch {
    throw new RequestError(signal.aborted ? cancelled : notSent);
  }
  const envelope = envelopeOf(answer);
  if (envelope === null) throw new RequestError(notUnderstood);
  if (!envelope.ok) throw new RequestError(envelope.error);
  return envelope.data;
}

function envelopeOf(text: string): Envelope<OpenBundle> | null {
  try {
    const envelope: unknown = JSON.parse(text);
    const known = typeof envelope === 'object' && envelope !== null && 'ok' in envelope;
    return known ? (envelope as Envelope<OpenBundle>) : null;
  } catch {
    return null;
  }
}

const cancelled = { code: 'cancelled', message: 'Cancelled.', details: {} } as const;
const notSent = {
  code: 'connection_lost',
  message: 'The file could not be sent to Poolscope.',
  details: { remedy: 'See that the file still exists and that Poolscope still runs, then choose it again.' },
} as const;
const notUnderstood = {
  code: 'storage_failed',
  message: 'Poolscope did not accept the file.',
  details: { remedy: 'Choose it again; if it happens again, reload the page.' },
} as const;

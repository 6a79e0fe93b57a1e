import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SaveRequest } from '#engine/ports.ts';
import type { SaveOutcome } from '#shared/contract/exporter.ts';

const ticketLifeMs = 60_000;

/** RFC 6266: a plain name for old readers, and the exact one (RFC 5987) for all others. */
export function contentDisposition(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%/]/g, '_');
  const exact = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** Files the engine wants saved, each kept behind a one-time address until the browser fetches it. */
export class Downloads {
  readonly #waiting = new Map<string, { request: SaveRequest; timer: NodeJS.Timeout }>();

  /** The shell's `saveFile` port. The address works once, within a minute, while its caller stays connected. */
  save(request: SaveRequest): SaveOutcome {
    if (request.signal.aborted) return { kind: 'cancelled' };
    const ticket = randomBytes(32).toString('base64url');
    const timer = setTimeout(() => this.#waiting.delete(ticket), ticketLifeMs);
    timer.unref();
    this.#waiting.set(ticket, { request, timer });
    return { kind: 'download', url: `/download/${ticket}`, fileName: request.suggestedName };
  }

  /**
   * Streams the file of a ticket, as fast as the browser takes it; stops producing when the browser
   * goes away. False when there is no such ticket (any more).
   */
  async send(
    ticket: string,
    response: ServerResponse,
    onFailure: (error: unknown) => void,
  ): Promise<boolean> {
    const request = this.#take(ticket);
    if (request === undefined) return false;
    response.writeHead(200, {
      'Content-Type': request.mimeType,
      'Content-Disposition': contentDisposition(request.suggestedName),
    });
    try {
      await pipeline(Readable.from(request.content()), response);
    } catch (error) {
      // Cut, not ended: so the browser knows that the file is not whole.
      response.destroy();
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') onFailure(error);
    }
    return true;
  }

  /** Drops what a caller asked for and never fetched. */
  forget(callerId: string): void {
    for (const [ticket, { request }] of this.#waiting) if (request.callerId === callerId) this.#take(ticket);
  }

  #take(ticket: string): SaveRequest | undefined {
    const entry = this.#waiting.get(ticket);
    clearTimeout(entry?.timer);
    this.#waiting.delete(ticket);
    return entry?.request;
  }
}

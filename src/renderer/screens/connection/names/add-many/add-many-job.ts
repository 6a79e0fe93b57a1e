import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { AddManyProgress, Served } from '#shared/contract/names.ts';
import {
  maxPartBytes,
  maxStagedBytes,
  type Reading,
  type StagedPreview,
} from '#shared/contract/names-staged.ts';
import type * as client from '../../../../bridge/client.ts';
import { payloadOf } from '../../../../data/errors.ts';
import { formatBytes } from '../../../../kit/byte-words.ts';

/** How the adding of many names stands. */
export type AddManyState =
  | { kind: 'choose'; error: ErrorPayload | null }
  | { kind: 'sending'; sentBytes: number; bytes: number }
  /** What is chosen is being read, for the first time or in another way. */
  | { kind: 'reading'; preview: StagedPreview | null }
  | { kind: 'preview'; preview: StagedPreview; error: ErrorPayload | null }
  /** It could not be read as asked; another reading may help. */
  | { kind: 'unread'; error: ErrorPayload }
  | { kind: 'adding'; preview: StagedPreview; sent: number }
  | { kind: 'done'; added: number; served: Served };

/** A file, or pasted text, whose `name` is null. */
export interface Source {
  name: string | null;
  blob: Blob;
}

interface Deps {
  client: Pick<typeof client, 'request' | 'on'>;
  target: { profileId: string; schema: string };
  added(count: number): void;
}

const autoReading: Reading = { encoding: 'auto', layout: 'auto', header: 'auto', column: null, trim: true };

/** From a file or a paste to names in the table: sent, previewed, added in one transaction. */
export class AddManyJob {
  readonly #deps: Deps;
  readonly #listeners = new Set<() => void>();
  #state: AddManyState = { kind: 'choose', error: null };
  #reading = autoReading;
  #source: Source | null = null;
  #stageId = '';
  #abort = new AbortController();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  state = (): AddManyState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get reading(): Reading {
    return this.#reading;
  }

  get fileName(): string | null {
    return this.#source?.name ?? null;
  }

  /** Sends and reads what was chosen. Never rejects. */
  async take(source: Source): Promise<void> {
    const refusal = refusalOf(source);
    if (refusal !== null) {
      this.#set({ kind: 'choose', error: refusal });
      return;
    }
    const { signal } = this.#begin();
    this.#source = source;
    this.#reading = autoReading;
    this.#stageId = crypto.randomUUID();
    try {
      await this.#send(source.blob, signal);
    } catch (error) {
      if (!signal.aborted) this.#set({ kind: 'choose', error: payloadOf(error) });
      return;
    }
    if (!signal.aborted) await this.read({});
  }

  /** Reads what is staged in another way. */
  async read(change: Partial<Reading>): Promise<void> {
    this.#reading = { ...this.#reading, ...change };
    const { signal } = this.#begin();
    this.#set({ kind: 'reading', preview: previewOf(this.#state) });
    try {
      const input = { stageId: this.#stageId, fileName: this.fileName, reading: this.#reading };
      const preview = await this.#deps.client.request('names.preview', input, { signal });
      if (!signal.aborted) this.#set({ kind: 'preview', preview, error: null });
    } catch (error) {
      if (!signal.aborted) this.#set({ kind: 'unread', error: payloadOf(error) });
    }
  }

  /** Adds what the preview shows: all of it or nothing. */
  async add(): Promise<void> {
    if (this.#state.kind !== 'preview') return;
    const { preview } = this.#state;
    const { client, target } = this.#deps;
    const { signal } = this.#begin();
    this.#set({ kind: 'adding', preview, sent: 0 });
    const hear = ({ stageId, sent }: AddManyProgress) => {
      if (stageId === this.#stageId && !signal.aborted) this.#set({ kind: 'adding', preview, sent });
    };
    const unsubscribe = client.on('names.addManyProgress', hear);
    try {
      const { added, served } = await client.request(
        'names.addMany',
        { ...target, stageId: this.#stageId },
        { signal },
      );
      this.#set({ kind: 'done', added, served });
      this.#deps.added(added);
    } catch (error) {
      // A cancel has its own words, of the engine's: what became of it by then.
      this.#set({ kind: 'preview', preview, error: payloadOf(error) });
    } finally {
      unsubscribe();
    }
  }

  /** Stops what is under way: adding goes back to the preview, all else to the beginning. */
  cancel(): void {
    this.#abort.abort();
    if (this.#state.kind !== 'adding') this.restart();
  }

  /** Back to the choice of a source. */
  restart(): void {
    this.#abort.abort();
    this.#forget();
    this.#set({ kind: 'choose', error: null });
  }

  async #send(blob: Blob, signal: AbortSignal): Promise<void> {
    const { client } = this.#deps;
    // Base64 in messages that hold a mebibyte.
    for (let offset = 0; offset < blob.size; offset += maxPartBytes) {
      this.#set({ kind: 'sending', sentBytes: offset, bytes: blob.size });
      const part = new Uint8Array(await blob.slice(offset, offset + maxPartBytes).arrayBuffer());
      if (signal.aborted) return;
      await client.request(
        'names.stage',
        { stageId: this.#stageId, offset, base64: base64Of(part) },
        { signal },
      );
    }
  }

  #forget(): void {
    if (this.#stageId === '') return;
    // The engine forgets it by itself in time.
    this.#deps.client.request('names.unstage', { stageId: this.#stageId }).catch(() => {});
    this.#stageId = '';
    this.#source = null;
  }

  #begin(): AbortController {
    this.#abort.abort();
    this.#abort = new AbortController();
    return this.#abort;
  }

  #set(state: AddManyState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

export const previewOf = (state: AddManyState): StagedPreview | null =>
  'preview' in state ? state.preview : null;

function base64Of(bytes: Uint8Array): string {
  let text = '';
  // As many arguments as every engine takes at once.
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function refusalOf({ name, blob }: Source): ErrorPayload | null {
  const what = name === null ? 'The paste' : `“${name}”`;
  if (blob.size === 0) {
    const remedy = 'Choose something with names in it.';
    return { code: 'bad_input', message: `${what} is empty.`, details: { remedy } };
  }
  if (blob.size <= maxStagedBytes) return null;
  const message = `${what} holds ${formatBytes(blob.size)}; at once up to ${formatBytes(maxStagedBytes)} are taken.`;
  const remedy = 'Split it, and add one part after the other.';
  return { code: 'bad_input', message, details: { remedy } };
}

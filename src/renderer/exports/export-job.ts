import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ExportProgress, SaveOutcome } from '#shared/contract/exporter.ts';
import type * as client from '../bridge/client.ts';
import { isCancelled, payloadOf } from '../data/errors.ts';
import type { ExportRequest } from './export-values.ts';

/** How an export stands. */
export type JobState =
  | { kind: 'idle' }
  /** `downloading`: the browser is fetching the file; until then a save dialog may be open. */
  | { kind: 'running'; rows: number; expectedRows: number; bytes: number; downloading: boolean }
  /** `path` is null where the browser saved the file by its own rules. */
  | { kind: 'done'; rows: number; bytes: number; fileName: string; path: string | null }
  | { kind: 'failed'; error: ErrorPayload }
  | { kind: 'cancelled' };

/** Asks the engine for a file; its progress and its cancel go by `exportId`. */
export type AskForFile = (exportId: string, signal: AbortSignal) => Promise<SaveOutcome>;

interface JobDeps {
  client: Pick<typeof client, 'request' | 'on'>;
  download(url: string, fileName: string): void;
  /** It ended while nobody looked. */
  endedUnseen(state: JobState): void;
}

const brokeOff: ErrorPayload = {
  code: 'storage_failed',
  message: 'The download broke off, so the file is incomplete.',
  details: { remedy: 'Delete it, check that the disk has room, and export again.' },
};

/**
 * The one export that may be under way. It outlives the dialog that started it: closing the dialog
 * does not stop it. In the desktop shell the engine answers when the file is saved; in the web
 * shell it answers with an address, and the end of the download comes as progress.
 */
export class ExportJob {
  readonly #deps: JobDeps;
  readonly #listeners = new Set<() => void>();
  #state: JobState = { kind: 'idle' };
  #exportId = '';
  #abort = new AbortController();
  #unsubscribe = () => {};
  #fileName = '';
  #watchers = 0;

  constructor(deps: JobDeps) {
    this.#deps = deps;
  }

  state = (): JobState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** While someone watches, the end is not announced elsewhere. What has ended before is forgotten. */
  watch(): () => void {
    this.#watchers += 1;
    if (this.#state.kind !== 'running') this.#set({ kind: 'idle' });
    return () => {
      this.#watchers -= 1;
    };
  }

  /** Resolves when the engine has answered; never rejects. Does nothing while an export runs. */
  async start(request: ExportRequest | AskForFile, expectedRows: number): Promise<void> {
    if (this.#state.kind === 'running') return;
    const exportId = crypto.randomUUID();
    const abort = new AbortController();
    this.#exportId = exportId;
    this.#abort = abort;
    this.#unsubscribe = this.#deps.client.on('exporter.progress', (progress) => this.#hear(progress));
    this.#set({ kind: 'running', rows: 0, expectedRows, bytes: 0, downloading: false });
    try {
      const outcome = await this.#ask(request, abort.signal);
      if (exportId === this.#exportId) this.#follow(outcome);
    } catch (error) {
      if (exportId !== this.#exportId) return;
      this.#end(isCancelled(error) ? { kind: 'cancelled' } : { kind: 'failed', error: payloadOf(error) });
    }
  }

  cancel(): void {
    if (this.#state.kind !== 'running') return;
    const exportId = this.#exportId;
    this.#abort.abort();
    this.#end({ kind: 'cancelled' });
    // Also when the answer is already here and only the download goes on. Nothing is left to do if it fails.
    this.#deps.client.request('exporter.cancel', { exportId }).catch(() => {});
  }

  #ask(request: ExportRequest | AskForFile, signal: AbortSignal): Promise<SaveOutcome> {
    if (typeof request === 'function') return request(this.#exportId, signal);
    const { format, resolution, ...selection } = request;
    const input = { exportId: this.#exportId, ...selection };
    return format === 'bundle'
      ? this.#deps.client.request('exporter.bundle', input, { signal })
      : this.#deps.client.request('exporter.save', { ...input, format, resolution }, { signal });
  }

  #follow(outcome: SaveOutcome): void {
    if (this.#state.kind !== 'running') return;
    const { rows, bytes } = this.#state;
    switch (outcome.kind) {
      case 'saved': {
        const fileName = outcome.path.split(/[\\/]/).at(-1) ?? outcome.path;
        this.#end({ kind: 'done', rows, bytes, fileName, path: outcome.path });
        return;
      }
      case 'download':
        this.#fileName = outcome.fileName;
        this.#set({ ...this.#state, downloading: true });
        this.#deps.download(outcome.url, outcome.fileName);
        return;
      case 'cancelled':
        this.#end({ kind: 'cancelled' });
    }
  }

  #hear(progress: ExportProgress): void {
    if (progress.exportId !== this.#exportId || this.#state.kind !== 'running') return;
    const { state, rows, expectedRows, bytes } = progress;
    const { downloading } = this.#state;
    this.#set({ kind: 'running', rows, expectedRows, bytes, downloading });
    // In the desktop shell the answer says how it ended, with the path or the error.
    if (!downloading || state === 'running') return;
    if (state === 'done') this.#end({ kind: 'done', rows, bytes, fileName: this.#fileName, path: null });
    else this.#end(state === 'failed' ? { kind: 'failed', error: brokeOff } : { kind: 'cancelled' });
  }

  #end(state: JobState): void {
    this.#exportId = '';
    this.#unsubscribe();
    this.#set(state);
    if (this.#watchers === 0 && state.kind !== 'cancelled') this.#deps.endedUnseen(state);
  }

  #set(state: JobState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { OpenBundle, OpenBundleOutcome } from '#shared/contract/history-bundle.ts';
import { isCancelled, payloadOf } from '../data/errors.ts';
import { formatBytes } from '../kit/byte-words.ts';

/** How the opening of a bundle stands. */
export type OpenerState =
  | { kind: 'closed' }
  /** The shell is asking for a file, or reads the one it got. */
  | { kind: 'asking' }
  /** The page must ask for the file. `error`: why the last one was not opened. */
  | { kind: 'choose'; maxBytes: number; error: ErrorPayload | null }
  | { kind: 'sending'; fileName: string; bytes: number }
  | { kind: 'failed'; error: ErrorPayload };

interface OpenerDeps {
  /** `history.openBundle`. */
  ask(signal: AbortSignal): Promise<OpenBundleOutcome>;
  send(url: string, file: File, signal: AbortSignal): Promise<OpenBundle>;
  opened(bundle: OpenBundle): void;
}

/** Opens an incident bundle, by the shell's own dialog or by sending a file the page asked for. */
export class BundleOpener {
  readonly #deps: OpenerDeps;
  readonly #listeners = new Set<() => void>();
  #state: OpenerState = { kind: 'closed' };
  #abort = new AbortController();
  /** Good for one file. */
  #upload: { url: string; maxBytes: number } | null = null;

  constructor(deps: OpenerDeps) {
    this.#deps = deps;
  }

  state = (): OpenerState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins, or begins again. Resolves when the shell has answered; never rejects. */
  async start(): Promise<void> {
    const { signal } = this.#begin({ kind: 'asking' });
    try {
      const outcome = await this.#deps.ask(signal);
      if (signal.aborted) return;
      if (outcome.kind === 'opened') this.#finish(outcome.value);
      if (outcome.kind === 'cancelled') this.#set({ kind: 'closed' });
      if (outcome.kind === 'upload') {
        this.#upload = outcome;
        this.#set({ kind: 'choose', maxBytes: outcome.maxBytes, error: null });
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  /** The file the user chose, for `choose`. Resolves when it is open or refused; never rejects. */
  async choose(file: File): Promise<void> {
    if (this.#state.kind !== 'choose') return;
    const { maxBytes } = this.#state;
    const refusal = refusalOf(file, maxBytes);
    if (refusal !== null) {
      this.#set({ kind: 'choose', maxBytes, error: refusal });
      return;
    }
    const { signal } = this.#begin({ kind: 'sending', fileName: file.name, bytes: file.size });
    try {
      const url = await this.#uploadUrl(signal);
      if (url === null) return;
      const bundle = await this.#deps.send(url, file, signal);
      if (!signal.aborted) this.#finish(bundle);
    } catch (error) {
      if (signal.aborted) return;
      this.#set(
        isCancelled(error) ? { kind: 'closed' } : { kind: 'choose', maxBytes, error: payloadOf(error) },
      );
    }
  }

  /** Closes the dialog, and ends what is under way. */
  cancel(): void {
    this.#abort.abort();
    this.#upload = null;
    this.#set({ kind: 'closed' });
  }

  /** The address at hand, or a new one when it has been used. Null when there is none to be had. */
  async #uploadUrl(signal: AbortSignal): Promise<string | null> {
    const atHand = this.#upload;
    this.#upload = null;
    if (atHand !== null) return atHand.url;
    const outcome = await this.#deps.ask(signal);
    if (signal.aborted) return null;
    if (outcome.kind === 'upload') return outcome.url;
    if (outcome.kind === 'opened') this.#finish(outcome.value);
    else this.#set({ kind: 'closed' });
    return null;
  }

  #begin(state: OpenerState): AbortController {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#set(state);
    return this.#abort;
  }

  #finish(bundle: OpenBundle): void {
    this.#set({ kind: 'closed' });
    this.#deps.opened(bundle);
  }

  #fail(error: unknown): void {
    this.#set(isCancelled(error) ? { kind: 'closed' } : { kind: 'failed', error: payloadOf(error) });
  }

  #set(state: OpenerState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Why a file need not even be sent. */
function refusalOf({ name, size }: File, maxBytes: number): ErrorPayload | null {
  if (size === 0) {
    return {
      code: 'bad_input',
      message: `“${name}” is empty.`,
      details: { remedy: 'Have it exported and sent again, or choose another file.' },
    };
  }
  if (size > maxBytes) {
    return {
      code: 'bad_input',
      message: `“${name}” holds ${formatBytes(size)}; Poolscope opens bundles of up to ${formatBytes(maxBytes)}.`,
      details: { remedy: 'Have a shorter range or fewer connections exported where it comes from.' },
    };
  }
  return null;
}

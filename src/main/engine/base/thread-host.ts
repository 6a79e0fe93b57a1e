import { setTimeout as sleep } from 'node:timers/promises';
import { type Transferable, Worker } from 'node:worker_threads';
import { EngineError } from './errors.ts';
import {
  errorOf,
  type ThreadCalls,
  ThreadError,
  type ThreadReply,
  type ThreadRequest,
} from './thread-calls.ts';

interface Waiting {
  resolve(value: never): void;
  reject(error: Error): void;
}

/**
 * Where a thread's program is: a source file beside the caller's when run from source, and a file
 * of its own beside the bundle when built (an input of electron.vite.config.ts).
 */
export function threadProgram(callerUrl: string, sourceFile: string, builtFile: string): URL {
  return new URL(callerUrl.endsWith('.ts') ? sourceFile : builtFile, callerUrl);
}

/** What is under way in a thread may go on for this long once it is to end. */
const endWithinMs = 1000;

/** A thread of ours and the calls under way in it. */
export class ThreadHost<Calls extends ThreadCalls> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone: Promise<void>;
  #nextCallId = 1;
  #end: Error | null = null;

  /** @param onEvent what the thread tells unasked */
  constructor(
    program: URL,
    workerData: unknown,
    onEvent: (name: string, payload: unknown) => void = () => {},
  ) {
    this.#worker = new Worker(program, { workerData, stdout: false, stderr: false });
    this.#worker.on('message', (reply: ThreadReply) => {
      if (reply.kind === 'event') onEvent(reply.name, reply.payload);
      else this.#settle(reply);
    });
    this.#gone = new Promise((resolve) => {
      this.#worker.on('error', (error) => this.#fail(error));
      this.#worker.once('exit', () => {
        this.#fail(new ThreadError('The thread has ended.', 'THREAD_ENDED'));
        resolve();
      });
    });
  }

  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** @throws what the call threw, `cancelled` once the signal aborts, THREAD_ENDED when the thread is gone */
  call<K extends keyof Calls & string>(
    name: K,
    input: Calls[K]['input'],
    options: { signal?: AbortSignal; transfer?: readonly Transferable[] } = {},
  ): Promise<Calls[K]['answer']> {
    if (this.#end !== null) return Promise.reject(this.#end);
    const { signal, transfer = [] } = options;
    if (signal?.aborted) return Promise.reject(new EngineError('cancelled', 'Cancelled.'));
    const callId = this.#nextCallId++;
    const { promise, resolve, reject } = Promise.withResolvers<Calls[K]['answer']>();
    this.#waiting.set(callId, { resolve: resolve as Waiting['resolve'], reject });
    this.#worker.postMessage({ kind: 'call', callId, name, input } satisfies ThreadRequest, transfer);
    if (signal === undefined) return promise;
    const cancel = () => this.#worker.postMessage({ kind: 'cancel', callId } satisfies ThreadRequest);
    signal.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  /** Ends the thread, whatever it does. Idempotent. */
  async end(): Promise<void> {
    this.#fail(new ThreadError('The thread was ended.', 'THREAD_ENDED'));
    this.#worker.postMessage({ kind: 'end' } satisfies ThreadRequest);
    // A thread cut off while it lets go of a database can take the whole process with it.
    const patience = new AbortController();
    const late = sleep(endWithinMs, true, { signal: patience.signal }).catch(() => false);
    if (await Promise.race([this.#gone.then(() => false), late])) await this.#worker.terminate();
    patience.abort();
    await this.#gone;
  }

  #settle(reply: Exclude<ThreadReply, { kind: 'event' }>): void {
    const waiting = this.#waiting.get(reply.callId);
    this.#waiting.delete(reply.callId);
    if (reply.kind === 'answer') waiting?.resolve(reply.value as never);
    else waiting?.reject(errorOf(reply.failure));
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

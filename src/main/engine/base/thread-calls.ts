import type { MessagePort, Transferable } from 'node:worker_threads';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import { EngineError } from './errors.ts';

/** What crosses between a thread and the one that started it. */
export type ThreadRequest =
  | { kind: 'call'; callId: number; name: string; input: unknown }
  | { kind: 'cancel'; callId: number }
  /** Take no more calls, and end by itself once nothing is under way. */
  | { kind: 'end' };

export type ThreadReply =
  | { kind: 'answer'; callId: number; value: unknown }
  | { kind: 'failure'; callId: number; failure: ThreadFailure }
  | { kind: 'event'; name: string; payload: unknown };

/** An error as it crosses; only its words, its code and, when meant for users, its payload. */
export interface ThreadFailure {
  message: string;
  code: string | null;
  payload: ErrorPayload | null;
}

/** A failure inside a thread. `code` is the one of the library that threw: SQLITE_FULL, ENOENT… */
export class ThreadError extends Error {
  readonly code: string | null;

  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'ThreadError';
    this.code = code;
  }
}

export function failureOf(error: unknown): ThreadFailure {
  if (error instanceof EngineError) return { message: error.message, code: null, payload: error.toPayload() };
  if (!(error instanceof Error)) return { message: String(error), code: null, payload: null };
  const { code } = error as { code?: unknown };
  return { message: error.message, code: typeof code === 'string' ? code : null, payload: null };
}

export function errorOf({ message, code, payload }: ThreadFailure): Error {
  if (payload !== null) return new EngineError(payload.code, payload.message, payload.details);
  return new ThreadError(message, code);
}

/** The calls a thread takes: input to answer, each with the signal of its caller. */
export type ThreadCalls = Record<string, { input: unknown; answer: unknown }>;

/** Marks memory in an answer that moves to the other thread instead of being copied. */
export class Moved<T> {
  readonly value: T;
  readonly transfer: readonly Transferable[];

  constructor(value: T, transfer: readonly Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

export type ThreadHandlers<Calls extends ThreadCalls> = {
  [K in keyof Calls]: (
    input: Calls[K]['input'],
    signal: AbortSignal,
  ) =>
    | Calls[K]['answer']
    | Moved<Calls[K]['answer']>
    | Promise<Calls[K]['answer'] | Moved<Calls[K]['answer']>>;
};

/** Inside a thread: answers calls until the port closes. */
export function serveCalls<Calls extends ThreadCalls>(
  port: MessagePort,
  handlers: ThreadHandlers<Calls>,
): void {
  const underWay = new Map<number, AbortController>();
  const answer = async (callId: number, name: string, input: unknown) => {
    const controller = new AbortController();
    underWay.set(callId, controller);
    try {
      const handler = handlers[name as keyof Calls];
      const result = await handler(input as Calls[keyof Calls]['input'], controller.signal);
      const moved = result instanceof Moved ? result : new Moved<unknown>(result, []);
      const reply: ThreadReply = { kind: 'answer', callId, value: moved.value };
      port.postMessage(reply, moved.transfer);
    } catch (error) {
      port.postMessage({ kind: 'failure', callId, failure: failureOf(error) } satisfies ThreadReply);
    } finally {
      underWay.delete(callId);
    }
  };
  port.on('message', (request: ThreadRequest) => {
    if (request.kind === 'end') port.close();
    else if (request.kind === 'cancel') underWay.get(request.callId)?.abort();
    else void answer(request.callId, request.name, request.input);
  });
}

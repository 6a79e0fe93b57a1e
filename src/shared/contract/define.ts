import type * as z from 'zod/mini';

/** One call of the contract: the schema its input must meet, and the type of its answer. */
export interface Route<Input extends z.ZodMiniType, Answer> {
  input: Input;
  /** What to know when it was cancelled half-way, in a sentence: for calls that may have taken effect. */
  afterCancel?: string;
  /** Carries the type only; never set at run time. */
  answer?: Answer;
}

/** Declares a route. `route<Answer>()(inputSchema)`: curried so that `Input` is inferred. */
export const route =
  <Answer>() =>
  <Input extends z.ZodMiniType>(
    input: Input,
    more: Pick<Route<Input, Answer>, 'afterCancel'> = {},
  ): Route<Input, Answer> => ({ input, ...more });

type AnyRoutes = Record<string, Route<z.ZodMiniType, unknown>>;

/** Who calls, and how the call ends early. A handler never sees a raw IPC event or socket. */
export interface CallContext {
  /** Stable for one window or socket. */
  callerId: string;
  /** Aborts when the caller cancels or goes away. */
  signal: AbortSignal;
}

/** The handlers a room must supply for its routes. */
export type Handlers<R extends AnyRoutes> = {
  [K in keyof R]: (
    input: z.output<R[K]['input']>,
    context: CallContext,
  ) => R[K] extends Route<z.ZodMiniType, infer Answer> ? Answer | Promise<Answer> : never;
};

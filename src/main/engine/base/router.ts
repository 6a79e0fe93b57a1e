import * as z from 'zod/mini';
import type { CallContext, Handlers } from '#shared/contract/define.ts';
import type { Envelope, ErrorPayload } from '#shared/contract/errors.ts';
import { type RouteName, type Routes, routes } from '#shared/contract/routes.ts';
import { EngineError } from './errors.ts';
import type { Logger } from './log.ts';
import { databaseErrorOf } from './pg-errors.ts';

/** Look up, parse, call, envelope. Both shells bind this and nothing else. */
export interface Router {
  /** Never rejects and never throws. */
  dispatch(route: string, input: unknown, context: CallContext): Promise<Envelope<unknown>>;
  /** A window or socket went away for good, or its page did: what it left under way is stopped. */
  callerGone(callerId: string): void;
}

const isRouteName = (route: string): route is RouteName => Object.hasOwn(routes, route);

function badInput(route: RouteName, error: z.core.$ZodError): ErrorPayload {
  const fields: Record<string, string> = {};
  for (const issue of error.issues) {
    const path = issue.path.map(String).join('.');
    fields[path] ??= issue.message;
  }
  const [[path, sentence] = ['', 'The request is malformed.']] = Object.entries(fields);
  const where = path === '' ? route : `${route}, ${path}`;
  return {
    code: 'bad_input',
    message: sentence,
    details: { fields, remedy: `Mend it and try again (${where}).` },
  };
}

/** What a user may learn of a failure: its code and words, never a stack. */
export function toErrorPayload(error: unknown, log: Logger, doing: string): ErrorPayload {
  if (error instanceof EngineError) return error.toPayload();
  const fromDatabase = databaseErrorOf(error);
  if (fromDatabase !== null) return fromDatabase.toPayload();
  log.error({ err: error, doing }, 'unexpected failure');
  return {
    code: 'internal',
    message: 'Poolscope met an error of its own and could not finish.',
    details: {
      remedy: `The log has the details (${doing}). See whether it took effect before you try again.`,
    },
  };
}

const cancelled = (afterCancel?: string): Envelope<never> => {
  const message = afterCancel === undefined ? 'Cancelled.' : `Cancelled. ${afterCancel}`;
  return { ok: false, error: { code: 'cancelled', message, details: {} } };
};

/** The outcome of the work, unless the signal comes first; the work then goes on and cleans up unheard. */
async function untilAborted(work: () => Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const aborted = Promise.withResolvers<null>();
  const stop = () => aborted.resolve(null);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export function createRouter(
  handlers: Handlers<Routes>,
  log: Logger,
  callerGone: Router['callerGone'] = () => {},
): Router {
  return {
    callerGone,
    async dispatch(route, input, context) {
      if (!isRouteName(route)) {
        const message = 'This version of Poolscope does not know that request.';
        return {
          ok: false,
          error: { code: 'not_found', message, details: { remedy: 'Reload the window.' } },
        };
      }
      const parsed = z.safeParse(routes[route].input, input);
      if (!parsed.success) return { ok: false, error: badInput(route, parsed.error) };
      // Asked for by nobody any more: not begun, so nothing of it can have taken effect.
      if (context.signal.aborted) return cancelled();
      try {
        const handler = handlers[route] as (input: unknown, context: CallContext) => unknown;
        const data = await untilAborted(async () => handler(parsed.data, context), context.signal);
        if (context.signal.aborted) return cancelled(routes[route].afterCancel);
        return { ok: true, data: data ?? null };
      } catch (error) {
        if (context.signal.aborted) return cancelled(routes[route].afterCancel);
        return { ok: false, error: toErrorPayload(error, log, route) };
      }
    },
  };
}

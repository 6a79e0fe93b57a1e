import type { Handlers } from '#shared/contract/define.ts';
import { sessionsDefaults, type sessionsRoutes } from '#shared/contract/sessions.ts';
import { EngineError } from '../base/errors.ts';

/** What the sessions of a server do, seen over one extra connection per server. */
export interface Sessions {
  handlers: Handlers<typeof sessionsRoutes>;
}

const notYet = (): never => {
  throw new EngineError('not_supported', 'Sessions cannot be watched yet.');
};

export function createSessions(): Sessions {
  return {
    handlers: {
      'sessions.watch': notYet,
      'sessions.status': notYet,
      'sessions.snapshot': notYet,
      'sessions.refresh': notYet,
      'sessions.history': notYet,
      'sessions.queryText': notYet,
      'sessions.previewAction': notYet,
      'sessions.act': notYet,
      'sessions.settings': () => sessionsDefaults,
      'sessions.setSettings': notYet,
    },
  };
}

import { EngineError } from '#engine/base/errors.ts';
import { createEventBus, type EventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { createRouter, type Router } from '#engine/base/router.ts';
import type { AppInfo } from '#shared/contract/app.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { Served } from '#shared/contract/names.ts';
import type { Routes } from '#shared/contract/routes.ts';

/** An engine's outer face with a few real routes behind it, so that only transports are on trial. */
export interface ContractEngine {
  router: Router;
  events: EventBus;
  /** Callers whose request to `health.check` is under way; it ends only when cancelled. */
  waiting: Set<string>;
  /** Callers that the transport said are gone. */
  gone: string[];
}

export const appInfo: AppInfo = {
  version: '1.2.3',
  shell: 'web',
  dataFolder: '/home/ada/.local/share/poolscope',
  vault: { kind: 'session', persistent: false, explanation: 'Passwords are kept for this run only.' },
  sampleDatabaseAvailable: true,
  notices: [],
  nowMs: 1_790_000_000_000,
};

export const served: Served = { waitMs: 0.2, queryMs: 1, processId: 7 };

export function createContractEngine(): ContractEngine {
  const waiting = new Set<string>();
  const gone: string[] = [];
  const handlers: Partial<Handlers<Routes>> = {
    'app.info': () => appInfo,
    'names.add': ({ name }) => ({ row: { id: 3, name, isCut: false }, served }),
    'names.watch': () => null,
    'pools.open': () => {
      throw new EngineError('too_many_connections', 'The server has no connection left.', {
        remedy: 'Close some, or raise max_connections.',
        sqlState: '53300',
      });
    },
    'pools.close': () => {
      throw new TypeError("Cannot read properties of undefined (reading 'secret')");
    },
    async 'health.check'(_input, { callerId, signal }) {
      waiting.add(callerId);
      try {
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new EngineError('cancelled', 'Cancelled.')));
        });
      } finally {
        waiting.delete(callerId);
      }
      throw new Error('The wait ended without being cancelled.');
    },
  };
  return {
    router: createRouter(handlers as Handlers<Routes>, silentLogger(), (callerId) => gone.push(callerId)),
    events: createEventBus((error) => {
      throw error;
    }),
    waiting,
    gone,
  };
}

import type { Handlers } from '#shared/contract/define.ts';
import type { labRoutes } from '#shared/contract/lab.ts';
import { labApplicationName, labIsLongEnough, labLimits, labRatePerS } from '#shared/model/lab.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError, throwIfCancelled } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { type ConnectionConfig, createScratchPool } from '../pools/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { requireRoom } from './room.ts';
import { runLab } from './run.ts';

interface LabDeps {
  events: EventBus;
  clock: Clock;
  /** @throws EngineError `not_found` */
  profileOf(profileId: string): ProfileDraft;
  /** @throws EngineError `pool_closed`, or `not_supported` when a pooler's console is there */
  requirePool(profileId: string): void;
  /** How Poolscope's own connections log in: without the user's session settings, which would cut holds short. */
  connectionConfig(profileId: string, signal: AbortSignal): Promise<ConnectionConfig>;
  readSessions: Sessions['read'];
}

const underWay = (): EngineError =>
  new EngineError('not_supported', 'The Lab checks sizes already, one run at a time.', {
    remedy: 'Wait until it is over, or stop it.',
  });

interface Running {
  profileId: string;
  stop: AbortController;
  over: Promise<unknown>;
}

export interface Lab {
  handlers: Handlers<typeof labRoutes>;
  /** Ends a run and closes its connections. */
  close(): Promise<void>;
}

/** Tries sizes out on the real server, with pools of its own under traffic as it was measured. */
export function createLab(deps: LabDeps): Lab {
  const { events, clock } = deps;
  let running: Running | null = null;
  let isClosed = false;

  const stopHearing = events.on('pools.changed', ({ profileId, state }) => {
    if (running?.profileId !== profileId || state === 'open') return;
    const message = 'The connection was closed, and the run with it.';
    running.stop.abort(new EngineError('pool_closed', message, { remedy: 'Connect it, and check again.' }));
  });

  /** Where it can be read; where not, the server refuses by itself what it has no room for. */
  async function requireRoomFor(profileId: string, wanted: number): Promise<void> {
    const { reading, error, behindPooler } = await deps.readSessions(profileId);
    if (reading === null || error !== null || behindPooler) return;
    requireRoom(reading.limits, deps.profileOf(profileId), wanted);
  }

  const handlers: Lab['handlers'] = {
    async 'lab.run'({ runId, profileId, traffic, sizes, seconds }, { signal }) {
      const profile = deps.profileOf(profileId);
      deps.requirePool(profileId);
      const largest = Math.max(...sizes);
      const ratePerS = labRatePerS(traffic, largest);
      if (ratePerS > labLimits.requestsPerS) {
        const [rate, most] = [ratePerS, labLimits.requestsPerS].map((n) =>
          Math.round(n).toLocaleString('en-US'),
        );
        const message = `The traffic makes ${rate} requests a second; one machine sends ${most} at their moments.`;
        throw new EngineError('not_supported', message, {
          remedy: 'The model’s prediction has no such limit.',
        });
      }
      if (!labIsLongEnough(seconds, traffic.holdMs)) {
        const message = `Connections are held for ${(traffic.holdMs / 1000).toFixed(1)} s on average: ${seconds} s are too short to tell anything of waits.`;
        throw new EngineError('not_supported', message, { remedy: 'Measure each size for longer.' });
      }
      while (running !== null) {
        if (!running.stop.signal.aborted) throw underWay();
        await running.over;
      }
      throwIfCancelled(signal);
      // While the run before was ending, the connection or Poolscope may have been closed.
      if (isClosed) throw new EngineError('cancelled', 'Poolscope is closing.');
      deps.requirePool(profileId);
      const stop = new AbortController();
      const onGone = () => stop.abort(new EngineError('cancelled', 'Cancelled.'));
      signal.addEventListener('abort', onGone, { once: true });
      const run = async () => {
        await requireRoomFor(profileId, largest);
        return await runLab({
          ...{ runId, traffic, sizes, seconds, clock, signal: stop.signal },
          requireRoom: (size) => requireRoomFor(profileId, size),
          openPool: (size) => createScratchPool(profile, size, (abort) => configFor(profileId, abort), clock),
          onProgress: (progress) => events.emit('lab.progress', progress),
        });
      };
      const work = run().finally(() => {
        running = null;
        signal.removeEventListener('abort', onGone);
      });
      running = { profileId, stop, over: work.catch(() => {}) };
      return await work;
    },
  };

  const configFor = async (profileId: string, signal: AbortSignal): Promise<ConnectionConfig> => ({
    ...(await deps.connectionConfig(profileId, signal)),
    application_name: labApplicationName,
  });

  return {
    handlers,
    async close() {
      isClosed = true;
      stopHearing();
      running?.stop.abort(new EngineError('cancelled', 'Poolscope is closing.'));
      await running?.over;
    },
  };
}

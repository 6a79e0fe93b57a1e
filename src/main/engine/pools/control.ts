import type { RowExport } from '#engine/exporter/index.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { SaveOutcome } from '#shared/contract/exporter.ts';
import type { LiveSettings, poolControlRoutes } from '#shared/contract/pool-control.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { PoolEvent } from '#shared/model/pool-event.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { eventColumns } from './event-columns.ts';
import type { InstrumentedPool } from './instrumented-pool.ts';
import type { PoolSlot } from './pool-slot.ts';

interface Asked {
  callerId: string;
  signal: AbortSignal;
}

export interface ControlDeps {
  /** @throws EngineError `pool_closed`. */
  poolOf(profileId: string): InstrumentedPool;
  /** Null for a profile that never had a pool. */
  slotOf(profileId: string): Pick<PoolSlot, 'drain' | 'events'> | null;
  /** @throws EngineError `not_found`. */
  getProfile(profileId: string): ProfileDraft;
  /** Saves some settings of a profile; its pool hears of it like of any other change. */
  saveSettings(profileId: string, settings: LiveSettings, asked: Asked): Promise<ProfileView>;
  saveRows<Row>(rows: RowExport<Row>, asked: Asked & { exportId: null }): Promise<SaveOutcome>;
  clock: Clock;
}

/** Calls that act on a pool while it runs, or tell what happened in it. */
export function createControlHandlers(deps: ControlDeps): Handlers<typeof poolControlRoutes> {
  const { poolOf, slotOf, getProfile, saveSettings, saveRows, clock } = deps;
  return {
    'pools.details': ({ profileId }) => poolOf(profileId).details(),
    'pools.resize': ({ profileId, settings }, context) => saveSettings(profileId, settings, context),
    'pools.recycle': ({ profileId }) => poolOf(profileId).recycle(),
    'pools.checkIdle': ({ profileId }) => poolOf(profileId).checkIdle(),
    async 'pools.drain'({ profileId, deadlineMs }) {
      // Throws when there is none, and for a console.
      poolOf(profileId);
      return { cut: (await slotOf(profileId)?.drain(deadlineMs)) ?? 0 };
    },
    'pools.events': ({ profileId, ...search }) => {
      const log = slotOf(profileId)?.events;
      return { events: log?.search(search) ?? [], dropped: log?.dropped ?? 0 };
    },
    'pools.saveEvents': ({ profileId, format }, { callerId, signal }) => {
      const { name } = getProfile(profileId);
      const events = slotOf(profileId)?.events.all() ?? [];
      const rows: RowExport<PoolEvent> = {
        format,
        name: `${name} events`,
        fromMs: events[0]?.atMs ?? clock.nowMs(),
        columns: eventColumns,
        expectedRows: events.length,
        async *batches() {
          yield events;
        },
      };
      return saveRows(rows, { exportId: null, callerId, signal });
    },
  };
}

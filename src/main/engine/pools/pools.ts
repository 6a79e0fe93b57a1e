import type { ProfileChange } from '#engine/profiles/index.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { poolControlRoutes } from '#shared/contract/pool-control.ts';
import type { PoolStatus, poolsRoutes } from '#shared/contract/pools.ts';
import type { HealthReport } from '#shared/model/health.ts';
import { unknownHealth } from '#shared/model/health.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import { type ControlDeps, createControlHandlers } from './control.ts';
import type { InstrumentedPool } from './instrumented-pool.ts';
import type { OpenConsole } from './live.ts';
import type { ConnectionConfig } from './metered-pool.ts';
import { effectOf } from './pool-settings.ts';
import { PoolSlot, profileGone } from './pool-slot.ts';
import { Sampler } from './sampler.ts';

export interface PoolsDeps<Console extends OpenConsole = OpenConsole>
  extends Pick<ControlDeps, 'saveSettings' | 'saveRows'> {
  events: EventBus;
  log: Logger;
  clock: Clock;
  listProfiles(): { profileId: string }[];
  /** @throws EngineError `not_found`. */
  getProfile(profileId: string): ProfileDraft;
  /** Where to connect and how to log in, as it stands now. Rejects when that cannot be found out. */
  connectionConfig(profileId: string, signal: AbortSignal): Promise<ConnectionConfig>;
  /** Whether a profile is asked first as a pooler's console. */
  looksLikeConsole(profile: ProfileDraft): boolean;
  /** A console in a pool's place; it connects with its first check. */
  openConsole(profileId: string, onReport: (report: HealthReport) => void): Console;
}

/** The live pools, one per profile at most, named by the profile's id. */
export interface Pools<Console extends OpenConsole = OpenConsole> {
  handlers: Handlers<typeof poolsRoutes & typeof poolControlRoutes>;
  statusOf(profileId: string): PoolStatus;
  /** @throws EngineError `pool_closed`, or `not_supported` when it is a pooler's console. */
  poolOf(profileId: string): InstrumentedPool;
  /** Null when no pool of a database is open. */
  openPool(profileId: string): InstrumentedPool | null;
  /** @throws EngineError `pool_closed`. */
  monitorOf(profileId: string): { readonly report: HealthReport; checkNow(): Promise<HealthReport> };
  /** @throws EngineError `pool_closed`, or `not_supported` when it is a database. */
  consoleOf(profileId: string): Console;
  openConsoles(): Console[];
  /** Settles with the state reached. @throws EngineError `not_found`. */
  open(profileId: string): Promise<PoolStatus>;
  close(profileId: string): Promise<PoolStatus>;
  /**
   * Ends the pool of a deleted profile, waits for it, and opens no other for that profile until it
   * is restored; then the pool opens again if it was open. An open one takes over what it can as it
   * runs, a changed password included; it is reopened when its connections would go elsewhere or begin
   * otherwise. Does not wait for what opens: `pools.changed` tells how that goes.
   */
  profileChanged(change: ProfileChange): Promise<void>;
  /** Ends every session within the deadline. Nothing opens after this. */
  closeEverything(deadlineMs: number): Promise<void>;
}

const closedStatus = (profileId: string): PoolStatus => ({
  profileId,
  state: 'closed',
  target: null,
  openedAtMs: null,
  error: null,
  health: unknownHealth,
});

export function createPools<Console extends OpenConsole>(deps: PoolsDeps<Console>): Pools<Console> {
  const { events, clock, log } = deps;
  const slots = new Map<string, PoolSlot<Console>>();
  /** Deleted profiles; the list may hold one a while longer. */
  const deleted = new Map<string, { wasWanted: boolean; closed: Promise<void> }>();
  let closedForGood = false;

  const sampler = new Sampler({
    clock,
    events,
    takeSamples: () => [...slots.values()].flatMap((slot) => slot.takeSample() ?? []),
  });

  const onStatus = (status: PoolStatus) => {
    const isAnyOpen = [...slots.values()].some((slot) => slot.status().state === 'open');
    if (isAnyOpen) sampler.start();
    else sampler.stop();
    events.emit('pools.changed', status);
  };

  const slotOf = (profileId: string): PoolSlot<Console> => {
    const slot = slots.get(profileId);
    if (slot !== undefined) return slot;
    if (deleted.has(profileId)) throw profileGone();
    // Unknown profiles get no slot.
    deps.getProfile(profileId);
    const created = new PoolSlot<Console>(profileId, { ...deps, onStatus });
    slots.set(profileId, created);
    return created;
  };

  const slotWith = (profileId: string): PoolSlot<Console> => {
    const slot = slots.get(profileId);
    if (slot !== undefined) return slot;
    throw new EngineError('pool_closed', 'The pool is closed.', { remedy: 'Connect it first.' });
  };

  const notOpened = (error: unknown) =>
    log.warn({ err: error }, 'the pool of a changed profile was not opened');

  /** Refuses the profile from this turn on, and waits until its pool is gone. */
  const retire = (profileId: string): Promise<void> => {
    const slot = slots.get(profileId);
    // A deletion that failed, and is tried again, found it open the first time.
    const wasWanted = deleted.get(profileId)?.wasWanted ?? slot?.isWanted === true;
    const closed = (async () => {
      await slot?.retire();
      slots.delete(profileId);
    })();
    deleted.set(profileId, { wasWanted, closed });
    return closed;
  };

  /** A profile that is told of again is back, be its deletion undone or failed. */
  const restore = async (profileId: string): Promise<void> => {
    const before = deleted.get(profileId);
    await before?.closed;
    deleted.delete(profileId);
    if (before?.wasWanted === true) pools.open(profileId).catch(notOpened);
  };

  /** One that is deleted meanwhile keeps none of the others from opening. */
  const openIfThere = async (profileId: string): Promise<PoolStatus> => {
    try {
      return await pools.open(profileId);
    } catch (error) {
      if (error instanceof EngineError && error.code === 'not_found') return pools.statusOf(profileId);
      throw error;
    }
  };

  const pools: Pools<Console> = {
    statusOf: (profileId) => slots.get(profileId)?.status() ?? closedStatus(profileId),
    poolOf: (profileId) => slotWith(profileId).pool,
    openPool: (profileId) => slots.get(profileId)?.poolIfOpen ?? null,
    monitorOf: (profileId) => slotWith(profileId).live.monitor,
    consoleOf: (profileId) => slotWith(profileId).console,
    openConsoles: () => [...slots.values()].flatMap((slot) => slot.consoleIfOpen ?? []),

    async open(profileId) {
      if (closedForGood) throw new EngineError('cancelled', 'Poolscope is closing.');
      return slotOf(profileId).open();
    },

    async close(profileId) {
      return slots.get(profileId)?.close() ?? closedStatus(profileId);
    },

    async profileChanged({ kind, profile, previous, passwordChanged }) {
      const { profileId } = profile;
      if (kind === 'deleted') return retire(profileId);
      if (deleted.has(profileId)) return restore(profileId);
      if (kind !== 'updated') return;
      const slot = slots.get(profileId);
      const effect = previous === null ? 'reopen' : effectOf(previous, profile);
      if (effect === 'reopen') slot?.reopen().catch(notOpened);
      if (effect === 'apply') slot?.apply(profile);
      if (effect !== 'reopen' && passwordChanged) slot?.credentialsChanged();
    },

    async closeEverything(deadlineMs) {
      closedForGood = true;
      sampler.stop();
      await Promise.all([...slots.values()].map((slot) => slot.close(deadlineMs)));
    },

    handlers: {
      ...createControlHandlers({
        poolOf: (profileId) => slotWith(profileId).pool,
        slotOf: (profileId) => slots.get(profileId) ?? null,
        ...deps,
      }),
      'pools.list': () => deps.listProfiles().map(({ profileId }) => pools.statusOf(profileId)),
      'pools.open': ({ profileId }) => pools.open(profileId),
      'pools.close': ({ profileId }) => pools.close(profileId),
      'pools.openAll': () => Promise.all(deps.listProfiles().map(({ profileId }) => openIfThere(profileId))),
      'pools.closeAll': () => Promise.all(deps.listProfiles().map(({ profileId }) => pools.close(profileId))),
    },
  };
  return pools;
}

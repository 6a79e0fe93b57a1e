import type { Handlers } from '#shared/contract/define.ts';
import type { healthRoutes } from '#shared/contract/health.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { HealthOverview, HealthReport, HealthState, PoolHealth } from '#shared/model/health.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { recordHealth } from './health-record.ts';
import { healthSpans } from './health-spans.ts';

export { HealthMonitor, healthHolder } from './health-monitor.ts';

export interface HealthDeps {
  events: EventBus;
  clock: Clock;
  /** @throws EngineError `pool_closed` when the profile's pool is not open */
  monitorOf(profileId: string): { checkNow(): Promise<HealthReport> };
  listProfiles(): { profileId: string; name: string }[];
  statusOf(profileId: string): PoolStatus;
  history: {
    record(event: HistoryEvent): void;
    events(query: { profileIds: string[] | null; fromMs: number; toMs: number }): Promise<HistoryEvent[]>;
  };
}

export interface Health {
  handlers: Handlers<typeof healthRoutes>;
  close(): void;
}

/** How far back the event is looked for that says how a range began. */
const lookBackMs = 30 * 24 * 60 * 60 * 1000;

const worstFirst: readonly HealthState[] = ['unhealthy', 'degraded', 'unknown', 'healthy'];
const rank = ({ report }: PoolHealth): number => worstFirst.indexOf(report.state);

/**
 * All open pools as one, for the screen and for `/health` alike. `unhealthy`: none is of use. `degraded`:
 * some are not, or are slow. `unknown`: none is open, or none was checked yet.
 */
export function stateOfWhole(counts: Readonly<Record<HealthState, number>>): HealthState {
  const { unknown, healthy, degraded, unhealthy } = counts;
  if (unhealthy + degraded > 0) return unknown + healthy + degraded === 0 ? 'unhealthy' : 'degraded';
  return healthy > 0 ? 'healthy' : 'unknown';
}

/** The open pools, and all of them as one. */
export function overviewOf(pools: readonly PoolHealth[]): HealthOverview {
  const counts = { unknown: 0, healthy: 0, degraded: 0, unhealthy: 0 };
  for (const { report } of pools) counts[report.state] += 1;
  const sorted = [...pools].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return { state: stateOfWhole(counts), counts, pools: sorted };
}

/** How the open pools are, and how they were. */
export function createHealth(deps: HealthDeps): Health {
  const { events, clock, history } = deps;
  const record = recordHealth({
    events,
    nowMs: () => clock.nowMs(),
    record: (event) => history.record(event),
  });
  const openPools = (): PoolHealth[] =>
    deps.listProfiles().flatMap(({ profileId, name }) => {
      const { state, health, openedAtMs } = deps.statusOf(profileId);
      if (state !== 'open') return [];
      const sinceMs = record.sinceMs(profileId) ?? openedAtMs ?? clock.nowMs();
      return [{ profileId, name, report: health, sinceMs }];
    });
  return {
    close: () => record.stop(),
    handlers: {
      'health.check': ({ profileId }) => deps.monitorOf(profileId).checkNow(),
      'health.overview': () => overviewOf(openPools()),
      async 'health.timeline'({ profileId, fromMs, toMs }) {
        const profileIds = profileId === null ? null : [profileId];
        const before = Math.max(0, fromMs - lookBackMs);
        return healthSpans(await history.events({ profileIds, fromMs: before, toMs }), { fromMs, toMs });
      },
    },
  };
}

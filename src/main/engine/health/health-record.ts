import { randomUUID } from 'node:crypto';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { HealthReport, HealthState } from '#shared/model/health.ts';
import type { HistoryEvent, HistoryEventKind } from '#shared/model/history-event.ts';
import type { EventBus } from '../base/event-bus.ts';

/** A pool that is slow now and then would fill the timeline; to be unhealthy, or not any more, is told at once. */
const settleMs = 60_000;

const kinds: Record<Exclude<HealthState, 'unknown'>, HistoryEventKind> = {
  healthy: 'healthHealthy',
  degraded: 'healthDegraded',
  unhealthy: 'healthUnhealthy',
};

interface RecordDeps {
  events: EventBus;
  nowMs(): number;
  record(event: HistoryEvent): void;
}

/** Since when each open pool is in the state it is in, and what of that is on the timeline. */
export interface HealthRecord {
  sinceMs(profileId: string): number | null;
  stop(): void;
}

function textOf({ state, roundTripMs, lastError }: HealthReport, failing: boolean): string {
  if (failing && lastError !== null) return lastError.message;
  const took = roundTripMs === null ? '' : ` The check took ${Math.round(roundTripMs)} ms.`;
  return state === 'healthy' ? `Health checks pass.${took}` : `Health checks pass slowly.${took}`;
}

/** Puts changes of health on the timeline. */
export function recordHealth({ events, nowMs, record }: RecordDeps): HealthRecord {
  const current = new Map<string, { state: HealthState; sinceMs: number }>();
  const recorded = new Map<string, { state: HealthState; atMs: number }>();

  const hear = ({ profileId, state, health }: PoolStatus): void => {
    if (state === 'closed') {
      current.delete(profileId);
      recorded.delete(profileId);
    }
    if (state !== 'open' || health.state === 'unknown') return;
    const atMs = nowMs();
    if (current.get(profileId)?.state !== health.state) {
      current.set(profileId, { state: health.state, sinceMs: atMs });
    }
    const last = recorded.get(profileId);
    if (last?.state === health.state) return;
    // Opening ends with a check: that it passed is told by the pool being open.
    if (last === undefined && health.state === 'healthy') {
      recorded.set(profileId, { state: health.state, atMs });
      return;
    }
    const isUrgent = last === undefined || last.state === 'unhealthy' || health.state === 'unhealthy';
    if (!isUrgent && atMs - last.atMs < settleMs) return;
    recorded.set(profileId, { state: health.state, atMs });
    const at = { fromMs: Math.round(atMs), toMs: Math.round(atMs) };
    const text = textOf(health, health.consecutiveFailures > 0);
    record({ eventId: randomUUID(), profileId, kind: kinds[health.state], ...at, text });
  };

  return {
    sinceMs: (profileId) => current.get(profileId)?.sinceMs ?? null,
    stop: events.on('pools.changed', hear),
  };
}

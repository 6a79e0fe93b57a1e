import { describe, expect, it } from 'vitest';
import { createEventBus } from '#engine/base/event-bus.ts';
import type { PoolState } from '#shared/contract/pools.ts';
import { type HealthState, unknownHealth } from '#shared/model/health.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { recordHealth } from './health-record.ts';
import { healthSpans } from './health-spans.ts';
import { overviewOf } from './index.ts';

const secondMs = 1000;

function underTest() {
  const events = createEventBus((error) => {
    throw error;
  });
  const recorded: HistoryEvent[] = [];
  let nowMs = 0;
  const record = recordHealth({ events, nowMs: () => nowMs, record: (event) => recorded.push(event) });
  return {
    recorded,
    record,
    at(atMs: number, state: PoolState, health: HealthState) {
      nowMs = atMs;
      const failed = health === 'unhealthy';
      const lastError = failed
        ? { code: 'connection_refused' as const, message: 'Nothing accepts connections.', details: {}, atMs }
        : null;
      events.emit('pools.changed', {
        ...{ profileId: 'a', state, target: 'database', openedAtMs: 0, error: null },
        health: {
          ...unknownHealth,
          state: health,
          consecutiveFailures: failed ? 1 : 0,
          lastError,
          roundTripMs: 300,
        },
      });
    },
  };
}

describe('the record of health', () => {
  it('tells of trouble and of its end at once, with the error', () => {
    const { at, recorded, record } = underTest();
    at(0, 'open', 'healthy');
    at(5 * secondMs, 'open', 'unhealthy');
    at(6 * secondMs, 'open', 'unhealthy');
    at(7 * secondMs, 'open', 'healthy');
    expect(recorded.map(({ kind, fromMs, text }) => [kind, fromMs, text])).toEqual([
      ['healthUnhealthy', 5000, 'Nothing accepts connections.'],
      ['healthHealthy', 7000, 'Health checks pass. The check took 300 ms.'],
    ]);
    expect(record.sinceMs('a')).toBe(7000);
  });

  it('does not fill the timeline with a pool that is slow now and then', () => {
    const { at, recorded, record } = underTest();
    for (let check = 0; check <= 60; check += 1)
      at(check * 5 * secondMs, 'open', check % 2 === 0 ? 'healthy' : 'degraded');
    expect(recorded.length).toBeLessThanOrEqual(5);
    expect(record.sinceMs('a')).toBe(300_000);
  });

  it('begins anew with a pool that was closed', () => {
    const { at, recorded, record } = underTest();
    at(0, 'open', 'unhealthy');
    at(1000, 'closed', 'unknown');
    expect(record.sinceMs('a')).toBeNull();
    at(2000, 'open', 'unhealthy');
    expect(recorded.map(({ fromMs }) => fromMs)).toEqual([0, 2000]);
  });
});

describe('the timeline of health', () => {
  const event = (kind: HistoryEvent['kind'], fromMs: number, toMs = fromMs, profileId: string | null = 'a') =>
    ({ eventId: `${kind}${fromMs}`, profileId, kind, fromMs, toMs, text: `${kind}.` }) satisfies HistoryEvent;

  it('is without seams from the first event known', () => {
    const spans = healthSpans(
      [
        event('healthUnhealthy', 300),
        event('poolOpened', 100),
        event('healthHealthy', 400),
        event('note', 450),
        event('poolClosed', 500),
      ],
      { fromMs: 200, toMs: 600 },
    );
    expect(spans.map(({ state, fromMs, toMs }) => [state, fromMs, toMs])).toEqual([
      ['healthy', 200, 300],
      ['unhealthy', 300, 400],
      ['healthy', 400, 500],
      ['closed', 500, 600],
    ]);
    expect(spans[1]?.text).toBe('healthUnhealthy.');
  });

  it('shows a sleep as closed, and what was before it after it', () => {
    const spans = healthSpans([event('poolOpened', 0), event('recordingGap', 200, 300, null)], {
      fromMs: 0,
      toMs: 400,
    });
    expect(spans.map(({ state, fromMs, toMs }) => [state, fromMs, toMs])).toEqual([
      ['healthy', 0, 200],
      ['closed', 200, 300],
      ['healthy', 300, 400],
    ]);
  });

  it('takes a pool that was opened and failed its first check for unhealthy, not healthy', () => {
    const spans = healthSpans([event('healthUnhealthy', 100), event('poolOpened', 100)], {
      fromMs: 0,
      toMs: 200,
    });
    expect(spans.map(({ state }) => state)).toEqual(['unhealthy']);
  });
});

describe('the overview of health', () => {
  const pool = (name: string, state: HealthState) => ({
    profileId: name,
    name,
    report: { ...unknownHealth, state },
    sinceMs: 0,
  });

  it.each<[HealthState, HealthState[]]>([
    ['unknown', []],
    ['unknown', ['unknown']],
    ['healthy', ['healthy', 'unknown']],
    ['degraded', ['healthy', 'degraded']],
    ['degraded', ['healthy', 'unhealthy']],
    ['degraded', ['degraded', 'unhealthy']],
    ['degraded', ['unknown', 'unhealthy']],
    ['unhealthy', ['unhealthy', 'unhealthy']],
  ])('is %s for pools that are %j', (whole, states) => {
    expect(overviewOf(states.map((state, at) => pool(`${at}`, state))).state).toBe(whole);
  });

  it('is degraded by one of several pools, and the worst comes first', () => {
    const overview = overviewOf([
      pool('b', 'healthy'),
      pool('a', 'healthy'),
      pool('c', 'degraded'),
      pool('d', 'unknown'),
    ]);
    expect(overview).toMatchObject({
      state: 'degraded',
      counts: { healthy: 2, degraded: 1, unhealthy: 0, unknown: 1 },
    });
    expect(overview.pools.map(({ name }) => name)).toEqual(['c', 'd', 'a', 'b']);
    expect(overviewOf([]).state).toBe('unknown');
  });
});

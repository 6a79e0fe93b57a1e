import type { Evidence, Measured } from '#engine/advisor/evidence.ts';
import { minutesOf } from '#engine/advisor/minutes.ts';
import type { Reading } from '#engine/sessions/index.ts';
import { adviceInputDefaults } from '#shared/model/advice.ts';
import { type Bucket, foldSample, mergeBuckets } from '#shared/model/bucket.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { nothingBlocked } from '#shared/model/sessions/blocking.ts';
import type { Session } from '#shared/model/sessions/session.ts';

const minuteMs = 60_000;
export const own = { pids: new Set<number>(), application: 'shop', user: 'shop', database: 'orders' };

function fold(samples: readonly PoolSample[], bucketMs: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (const sample of samples) foldSample(buckets, sample, bucketMs);
  return buckets;
}

/** Samples as the history would give them back. */
export function measuredOf(samples: readonly PoolSample[], isNow = true): Measured {
  const buckets = fold(samples, minuteMs);
  const [first, ...others] = buckets;
  const all = first === undefined ? null : others.reduce(mergeBuckets, first);
  return {
    minutes: minutesOf(buckets),
    coveredMs: all?.coveredMs ?? 0,
    waitMs: all?.waitMs ?? emptyHistogram(),
    holdMs: all?.holdMs ?? emptyHistogram(),
    connectMs: all?.connectMs ?? emptyHistogram(),
    recent: isNow ? fold(samples.slice(-15), 1000) : [],
    async around(startMs) {
      const near = ({ atMs }: PoolSample) => atMs >= startMs - 2 * minuteMs && atMs < startMs + 3 * minuteMs;
      return { bucketMs: 1000, buckets: fold(samples.filter(near), 1000) };
    },
  };
}

/** A server with room for `usable` connections, of which these sessions take some. */
export function readingOf(sessions: readonly Session[], more: Partial<Reading> = {}): Reading {
  const usable = 100;
  return {
    ...{ atMs: 0, serverNowMs: 1_000_000, sessions: [...sessions], blocking: nothingBlocked },
    limits: {
      ...{ maxConnections: 103, superuserReserved: 3, reserved: 0, usable, roles: [], databases: [] },
      ...{ taken: sessions.length, left: usable - sessions.length },
    },
    databases: [],
    point: {} as Reading['point'],
    ...{ intervalMs: null, roundTrips: 1, tookMs: 1 },
    sight: {
      ...{ full: true, sightGrant: null, maySignal: true, signalGrant: null, isSuperuser: true },
      ...{ mayUseReservedSlots: true, reservedGrant: null },
    },
    ...more,
  };
}

export function sessionOf(pid: number, more: Partial<Session> = {}): Session {
  return {
    ...{ pid, backendStartUs: pid, kind: 'client', backendType: 'client backend', leaderPid: null },
    ...{ application: own.application, user: own.user, database: own.database },
    ...{ clientAddress: null, clientPort: null, state: 'active', waitEventType: null, waitEvent: null },
    ...{ xactStartMs: null, queryStartMs: 990_000, stateChangeMs: 990_000, queryId: null, query: 'SELECT 1' },
    visible: true,
    ...more,
  } as Session;
}

/** What is known of a pool of `max` with these samples, on a server that has room. */
export function evidenceOf(samples: readonly PoolSample[], more: Partial<Evidence> = {}): Evidence {
  return {
    profileId: 'a',
    fromMs: samples[0]?.atMs ?? 0,
    toMs: (samples.at(-1)?.atMs ?? 0) + 1,
    settings: { min: 0, max: samples.at(-1)?.max ?? 10 },
    own,
    measured: measuredOf(samples),
    server: { reading: readingOf([]), error: null, behindPooler: false },
    suspects: [],
    points: [],
    inputs: adviceInputDefaults,
    cores: null,
    ...more,
  };
}

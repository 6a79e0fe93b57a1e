import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../../../tests/support/history-store.ts';
import { migrations } from './migrations.ts';
import { NewerSchemaError, openForReading, openForWriting } from './open-database.ts';

/** A file as each released layout wrote it; see tests/fixtures/history/README.md. */
const fixture = (version: number) =>
  fileURLToPath(new URL(`../../../../../tests/fixtures/history/v${version}.db`, import.meta.url));
/** What all of them hold. */
const startMs = 1_789_999_200_000;
const recordedSeconds = 1500;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-migrate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const released = migrations.map((_, index) => index + 1);

describe('a history file of an older Poolscope', () => {
  it.each(released)('of layout %i opens with everything in it, and records on', async (version) => {
    const file = path.join(folder, 'history.db');
    await cp(fixture(version), file);
    const { store, tick } = openStore(file);
    const span = { fromMs: startMs, toMs: startMs + 3_600_000 };
    const { buckets } = await store.range({ profileId: 'shop', ...span, bucketMs: 1000 });
    expect(buckets).toHaveLength(recordedSeconds);
    expect(buckets.reduce((sum, { acquired }) => sum + acquired, 0)).toBe(
      (recordedSeconds * (recordedSeconds - 1)) / 2,
    );
    expect(buckets[700]?.waitMs).toMatchObject({ count: 2, maxMs: 9.5 });
    const minutes = await store.range({ profileId: 'shop', ...span, bucketMs: 60_000 });
    expect(minutes.buckets).toHaveLength(25);
    expect(await store.events({ profileIds: null, ...span })).toMatchObject([
      { kind: 'note', text: 'Deployed 4.2' },
    ]);
    const scope = { database: 'shop', user: 'web' };
    const query = { profileId: 'edge', scope, ...span, bucketMs: 60_000, beforeMs: span.toMs };
    const poolers = await store.poolerPoints(query);
    // Recorded from layout 3 on.
    expect(poolers.points.map(({ busiest }) => busiest.clWaiting)).toEqual(version < 3 ? [] : [5, 6, 7]);
    const machine = await store.machineSamples({ ...span, bucketMs: 5000, beforeMs: span.toMs });
    // Recorded from layout 4 on.
    expect(machine.map(({ cpu }) => cpu)).toEqual(version < 4 ? [] : [0.5, 0.75]);
    expect((await store.storage()).retention).toEqual({ rawDays: 14, rollupDays: 120 });
    const [sample] = [{ ...emptySecond(startMs + 1_600_500), profileId: 'shop' }];
    tick(sample);
    await store.flushed();
    expect((await store.range({ profileId: 'shop', ...span, bucketMs: 1000 })).buckets).toHaveLength(
      recordedSeconds + 1,
    );
    await store.close();
    const db = openForReading(file);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    db.close();
  });
});

describe('a migration', () => {
  const steps = (...more: ((db: Database) => void)[]) => [...migrations, ...more];
  const file = () => path.join(folder, 'history.db');

  it('runs once, in order, and takes the version with it', () => {
    const ran: string[] = [];
    const later = steps(
      (db) => {
        ran.push('first');
        db.exec('ALTER TABLE events ADD COLUMN colour TEXT');
      },
      () => void ran.push('second'),
    );
    openForWriting(file()).close();
    openForWriting(file(), later).close();
    openForWriting(file(), later).close();
    expect(ran).toEqual(['first', 'second']);
    expect(() => openForWriting(file())).toThrow(NewerSchemaError);
  });

  it('that fails leaves the file at the version before, to be tried again', () => {
    openForWriting(file()).close();
    const failing = steps((db) => {
      db.exec('DROP TABLE events');
      throw new Error('out of luck');
    });
    expect(() => openForWriting(file(), failing)).toThrow('out of luck');
    const db = openForWriting(file());
    expect(db.prepare('SELECT count(*) FROM events').pluck().get()).toBe(0);
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    db.close();
  });
});

function emptySecond(atMs: number) {
  const none = { count: 0, sumMs: 0, minMs: 0, maxMs: 0, bins: [] };
  return {
    ...{ atMs, intervalMs: 1000, idle: 1, used: 0, connecting: 0, pending: 0, usedPeak: 0, pendingPeak: 0 },
    ...{ longestPendingMs: 0, min: 0, max: 10, acquired: 0, released: 0, opened: 0, closed: 0 },
    ...{ waitTimeouts: 0, connectTimeouts: 0, connectFailures: 0, connectionErrors: 0 },
    ...{ waitMs: none, holdMs: none, connectMs: none, healthCheck: null },
  };
}

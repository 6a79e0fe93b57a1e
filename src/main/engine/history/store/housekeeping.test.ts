import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { openStore, type StoreUnderTest } from '../../../../../tests/support/history-store.ts';
import { histogramOf, sampleAt } from '../../../../../tests/support/samples.ts';
import { openForWriting } from '../database/open-database.ts';
import { sealWindow } from '../database/seal.ts';
import { SeriesTable } from '../database/series-table.ts';
import { dayMs, hourMs, windowMs } from '../database/windows.ts';

const endMs = Math.floor(1_790_000_000_000 / dayMs) * dayMs;
const signal = new AbortController().signal;
const patience = { timeout: 15_000 };

let folder: string;
let file: string;
let nowMs: number;
let under: StoreUnderTest;
const progress: { doneBytes: number; totalBytes: number }[] = [];

let templateFolder: string;

/** A window every two hours for ten days, for two pools. */
beforeAll(async () => {
  templateFolder = await mkdtemp(path.join(tmpdir(), 'poolscope-template-'));
  const db = openForWriting(path.join(templateFolder, 'history.db'));
  const series = new SeriesTable(db);
  db.transaction(() => {
    for (let window = endMs - 10 * dayMs; window < endMs; window += 2 * hourMs) {
      for (const profileId of ['a', 'b']) {
        const samples = Array.from({ length: 600 }, (_, i) =>
          sampleAt(window + i * 1000 + 500, { profileId, acquired: i, waitMs: histogramOf([i, i + 0.5]) }),
        );
        const number = series.numberOf(profileId, `Pool ${profileId}`);
        series.addTotals(number, sealWindow(db, number, window, samples));
        series.setSealed(number, 0, window + windowMs - 500);
      }
    }
  })();
  db.close();
});
afterAll(() => rm(templateFolder, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-housekeeping-'));
  file = path.join(folder, 'history.db');
  await cp(path.join(templateFolder, 'history.db'), file);
  nowMs = endMs;
  progress.length = 0;
  under = openStore(file, {
    clock: { nowMs: () => nowMs, monotonicMs: () => 0 },
    onCompactProgress: (told) => progress.push(told),
  });
});
afterEach(async () => {
  await under.store.close();
  await rm(folder, { recursive: true, force: true });
});

const samplesIn = async (profileId: string, fromMs: number, toMs: number): Promise<number> => {
  const { buckets } = await under.store.range({ profileId, fromMs, toMs, bucketMs: 2 * hourMs });
  return Math.round(buckets.reduce((sum, { coveredMs }) => sum + coveredMs / 1000, 0));
};
const perPool = 10 * 12 * 600;

describe('what the history takes up', () => {
  it('is told by connection, with what it will come to', async () => {
    const storage = await under.store.storage();
    expect(storage.profiles.map(({ profileId, name, samples }) => ({ profileId, name, samples }))).toEqual([
      { profileId: 'a', name: 'Pool a', samples: perPool },
      { profileId: 'b', name: 'Pool b', samples: perPool },
    ]);
    const bytes = storage.profiles.reduce((sum, profile) => sum + profile.bytes, 0);
    expect(storage.usedBytes).toBeGreaterThan(bytes);
    expect(storage.usedBytes).toBeLessThan(bytes * 1.6);
    expect(storage).toMatchObject({
      file,
      oldestAtMs: endMs - 10 * dayMs + 500,
      retention: { rawDays: 7, rollupDays: 90 },
      recording: { state: 'recording' },
    });
    expect(storage.profiles[0]?.newestAtMs).toBe(endMs - 2 * hourMs + windowMs - 500);
    // Ten days were recorded at one rate, so a day is a tenth of it, as far as pages are filled alike.
    expect(storage.bytesPerDay / (bytes / 10)).toBeGreaterThan(0.9);
    expect(storage.bytesPerDay / (bytes / 10)).toBeLessThan(1.2);
    expect(storage.projectedBytes).toBeGreaterThan(storage.bytesPerDay * 7);
    expect(storage.projectedBytes).toBeLessThan(storage.bytesPerDay * 90);
  });

  it('counts what is not yet sealed', async () => {
    for (let i = 0; i < 5; i += 1) under.tick(sampleAt(endMs + i * 1000, { profileId: 'c' }));
    await under.store.flushed();
    const { profiles } = await under.store.storage();
    expect(profiles.find(({ profileId }) => profileId === 'c')).toMatchObject({
      samples: 5,
      oldestAtMs: endMs,
      newestAtMs: endMs + 4000,
    });
  });
});

describe('retention', () => {
  it('deletes seconds that are too old and keeps their minutes', async () => {
    const before = await under.store.storage();
    const after = await under.store.setRetention({ rawDays: 3, rollupDays: 5 });
    expect(after.retention).toEqual({ rawDays: 3, rollupDays: 5 });
    expect(after.profiles[0]?.samples).toBe(3 * 12 * 600);
    expect(after.oldestAtMs).toBe(endMs - 5 * dayMs);
    expect(after.projectedBytes).toBeLessThan(before.projectedBytes);
    expect(await samplesIn('a', 0, endMs)).toBe(5 * 12 * 600);
    const [old, fresh] = await Promise.all(
      [endMs - 4 * dayMs, endMs - 2 * dayMs].map((fromMs) =>
        under.store.range({ profileId: 'a', fromMs, toMs: fromMs + windowMs, bucketMs: 1000 }),
      ),
    );
    expect(old?.bucketMs).toBe(60_000);
    expect(fresh?.bucketMs).toBe(1000);
    expect(fresh?.buckets).toHaveLength(600);
  });

  it('is kept over a restart', async () => {
    await under.store.setRetention({ rawDays: 2, rollupDays: 400 });
    await under.store.close();
    under = openStore(file);
    expect((await under.store.storage()).retention).toEqual({ rawDays: 2, rollupDays: 400 });
  });

  it('is applied by itself as time passes', async () => {
    under.tick(sampleAt(endMs + 500, { profileId: 'c' }));
    await under.store.flushed();
    await expect
      .poll(async () => (await under.store.storage()).profiles[0]?.samples, patience)
      .toBe(7 * 12 * 600);
  });

  it('deletes nothing by a clock that is set far ahead for a while', async () => {
    await under.store.setRetention({ rawDays: 20, rollupDays: 90 });
    const ahead = endMs + 400 * dayMs;
    for (const atMs of [endMs, endMs + 1000, ahead, ahead + 1000, endMs + 2000, endMs + 3000]) {
      under.tick(sampleAt(atMs, { profileId: 'c' }));
      await under.store.flushed();
      await under.store.storage();
    }
    expect((await under.store.storage()).profiles.find(({ profileId }) => profileId === 'a')).toMatchObject({
      samples: perPool,
      oldestAtMs: endMs - 10 * dayMs + 500,
    });
  });

  it('does not drop the last minutes before a long break unseen: they become rollups first', async () => {
    for (let i = 0; i < 60; i += 1) under.tick(sampleAt(endMs + i * 1000, { profileId: 'c' }));
    await under.store.close();
    nowMs = endMs + 20 * dayMs;
    under = openStore(file);
    under.tick(sampleAt(nowMs, { profileId: 'other' }));
    await under.store.flushed();
    await expect
      .poll(
        async () =>
          (await under.store.storage()).profiles.find(({ profileId }) => profileId === 'c')?.samples,
        patience,
      )
      .toBe(0);
    expect(await samplesIn('c', endMs, endMs + hourMs)).toBe(60);
  });
});

describe('deleting', () => {
  const event = (changes: Partial<HistoryEvent>): HistoryEvent => ({
    ...{ eventId: 'e', profileId: 'a', kind: 'note', fromMs: endMs - dayMs, toMs: endMs - dayMs, text: 'x' },
    ...changes,
  });

  it('says what it will take, takes that, and nothing else', async () => {
    await under.store.addEvent(event({ eventId: 'of-a' }));
    await under.store.addEvent(event({ eventId: 'of-b', profileId: 'b' }));
    const asked = { profileId: 'a', beforeMs: null };
    const said = await under.store.deleteRange({ ...asked, dryRun: true }, signal);
    expect(said).toMatchObject({ dryRun: true, samples: perPool, rollups: 10 * 12 * 10, events: 1 });
    expect(await samplesIn('a', 0, endMs)).toBe(perPool);
    const done = await under.store.deleteRange({ ...asked, dryRun: false }, signal);
    expect(done).toEqual({ ...said, dryRun: false });
    expect(await samplesIn('a', 0, endMs)).toBe(0);
    expect(await samplesIn('b', 0, endMs)).toBe(perPool);
    const { profiles } = await under.store.storage();
    expect(profiles.map(({ profileId }) => profileId)).toEqual(['b']);
    const events = await under.store.events({ profileIds: null, fromMs: 0, toMs: endMs });
    expect(events.map(({ eventId }) => eventId)).toEqual(['of-b']);
  });

  it('by age takes what is older, of all connections', async () => {
    const beforeMs = endMs - 4 * dayMs;
    const done = await under.store.deleteRange({ profileId: null, beforeMs, dryRun: false }, signal);
    expect(done.samples).toBe(2 * 6 * 12 * 600);
    for (const profileId of ['a', 'b']) {
      expect(await samplesIn(profileId, 0, beforeMs)).toBe(0);
      expect(await samplesIn(profileId, beforeMs, endMs)).toBe(4 * 12 * 600);
    }
  });

  it('takes the last minutes too, and what comes after is recorded', async () => {
    for (let i = 0; i < 10; i += 1) under.tick(sampleAt(endMs + i * 1000, { profileId: 'a' }));
    await under.store.flushed();
    await under.store.deleteRange({ profileId: 'a', beforeMs: null, dryRun: false }, signal);
    expect(await samplesIn('a', 0, endMs + hourMs)).toBe(0);
    under.tick(sampleAt(endMs + 20_000, { profileId: 'a' }));
    await under.store.flushed();
    expect(await samplesIn('a', 0, endMs + hourMs)).toBe(1);
  });
});

describe('compacting', () => {
  it('really shrinks the file, and says how far it is', async () => {
    await under.store.deleteRange({ profileId: null, beforeMs: endMs - dayMs, dryRun: false }, signal);
    const { freeBytes } = await under.store.storage();
    expect(freeBytes).toBeGreaterThan(500_000);
    const { beforeBytes, afterBytes } = await under.store.compact(signal);
    expect(afterBytes).toBeLessThan(beforeBytes - freeBytes * 0.9);
    expect((await stat(file)).size).toBe(afterBytes);
    expect(progress.at(-1)).toEqual({ doneBytes: freeBytes, totalBytes: freeBytes });
    expect(await samplesIn('a', endMs - dayMs, endMs)).toBe(12 * 600);
    expect((await under.store.storage()).freeBytes).toBe(0);
  });

  it('stops where it is when cancelled, and nothing is lost', async () => {
    await under.store.deleteRange({ profileId: 'b', beforeMs: null, dryRun: false }, signal);
    const cancelling = new AbortController();
    const compacting = under.store.compact(cancelling.signal);
    cancelling.abort();
    await expect(compacting).rejects.toMatchObject({ code: 'cancelled' });
    expect(await samplesIn('a', 0, endMs)).toBe(perPool);
    await under.store.compact(signal);
    expect((await under.store.storage()).freeBytes).toBe(0);
  });
});

describe('events of the timeline', () => {
  it('are found by the range they touch, for one pool with those of Poolscope itself', async () => {
    const at = (eventId: string, profileId: string | null, fromMs: number, toMs = fromMs): HistoryEvent => ({
      ...{ eventId, profileId, kind: 'note', fromMs, toMs, text: eventId },
    });
    const all = [
      at('own', 'a', 1000),
      at('other', 'b', 2000),
      at('span', null, 500, 5000),
      at('late', 'a', 9000),
    ];
    for (const event of all) await under.store.addEvent(event);
    const ids = async (profileIds: string[] | null, fromMs: number, toMs: number) =>
      (await under.store.events({ profileIds, fromMs, toMs })).map(({ eventId }) => eventId);
    expect(await ids(['a'], 900, 9000)).toEqual(['span', 'own']);
    expect(await ids(null, 900, 9001)).toEqual(['span', 'own', 'other', 'late']);
    expect(await ids(['a'], 3000, 4000)).toEqual(['span']);
    expect(await under.store.deleteNote('own')).toEqual(all[0]);
    expect(await under.store.deleteNote('own')).toBeNull();
    expect(await ids(['a'], 900, 9000)).toEqual(['span']);
  });

  it('other than notes are not deleted one by one', async () => {
    const opened: HistoryEvent = {
      eventId: 'o',
      profileId: 'a',
      kind: 'poolOpened',
      fromMs: 1,
      toMs: 1,
      text: '',
    };
    await under.store.addEvent(opened);
    expect(await under.store.deleteNote('o')).toBeNull();
    expect(await under.store.events({ profileIds: ['a'], fromMs: 0, toMs: 10 })).toEqual([opened]);
  });
});

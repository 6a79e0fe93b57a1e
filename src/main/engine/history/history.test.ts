import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RouteInput } from '#shared/contract/routes.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { type HistoryUnderTest, openHistory } from '../../../../tests/support/history.ts';
import { sampleAt } from '../../../../tests/support/samples.ts';

const hourMs = 3_600_000;
const startMs = Math.floor(1_790_000_000_000 / hourMs) * hourMs;
const second = (index: number, changes: Partial<PoolSample> = {}) =>
  sampleAt(startMs + index * 1000 + 500, { acquired: index, ...changes });

let folder: string;
let under: HistoryUnderTest;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-history-room-'));
  under = openHistory(folder, startMs);
});
afterEach(async () => {
  await under.history.close();
  await rm(folder, { recursive: true, force: true });
});

const range = (fromMs: number, toMs: number, bucketMs = 1000) =>
  under.history.handlers['history.range']({ profileId: 'a', fromMs, toMs, bucketMs }, under.context);
const restart = async () => {
  await under.history.close();
  under = openHistory(folder, startMs);
};

describe('the history of a pool', () => {
  it('joins disk and memory without a seam or a double point', async () => {
    for (let i = 0; i < 1000; i += 1) under.tick(second(i));
    await restart();
    for (let i = 1000; i < 6000; i += 1) {
      under.tick(second(i));
      if (i % 1000 === 0) await under.history.store.flushed();
    }
    expect(under.history.memory.completeFromMs('a')).toBeGreaterThan(second(1000).atMs);
    await under.history.store.flushed();
    for (const bucketMs of [1000, 7000, 60_000, hourMs]) {
      const { buckets, lastAtMs } = await range(startMs, startMs + 6_000_000, bucketMs);
      const starts = buckets.map((bucket) => bucket.startMs);
      expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
      expect(buckets.reduce((sum, { coveredMs }) => sum + coveredMs, 0)).toBe(6_000_000);
      expect(buckets.reduce((sum, { acquired }) => sum + acquired, 0)).toBe((6000 * 5999) / 2);
      expect(lastAtMs).toBe(second(5999).atMs);
    }
  });

  it('is answered from memory alone, at once, within the hour', async () => {
    for (let i = 0; i < 100; i += 1) under.tick(second(i));
    const { buckets } = await range(second(0).atMs, startMs + 200_000);
    expect(buckets).toHaveLength(100);
  });

  it('has every second once while pools are recorded and asked for at the same time', async () => {
    for (let i = 0; i < 700; i += 1) under.tick(second(i));
    await restart();
    const answers = [];
    for (let i = 700; i < 1400; i += 1) {
      under.tick(second(i));
      if (i % 50 === 0) answers.push({ upTo: i, answer: range(startMs, startMs + hourMs) });
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { upTo, answer } of answers) {
      const { buckets } = await answer;
      expect(buckets.length).toBeGreaterThan(upTo);
      expect(buckets.map(({ acquired }) => acquired)).toEqual(buckets.map((_, index) => index));
    }
  });

  it('is gone from memory and disk when it is deleted', async () => {
    for (let i = 0; i < 10; i += 1) under.tick(second(i));
    const { handlers } = under.history;
    const said = await handlers['history.deleteRange'](
      { profileId: 'a', beforeMs: null, dryRun: true },
      under.context,
    );
    expect(said).toMatchObject({ samples: 10, dryRun: true });
    expect((await range(startMs, startMs + hourMs)).buckets).toHaveLength(10);
    await handlers['history.deleteRange']({ profileId: 'a', beforeMs: null, dryRun: false }, under.context);
    expect((await range(startMs, startMs + hourMs)).buckets).toEqual([]);
    under.tick(second(20));
    expect((await range(startMs, startMs + hourMs)).buckets).toHaveLength(1);
  });
});

describe('notes and events', () => {
  const note = { profileId: 'a', fromMs: startMs, toMs: startMs, text: 'Deployed 4.2' };
  const eventsOf = (input: RouteInput<'history.events'>) =>
    under.history.handlers['history.events'](input, under.context);
  const all = { profileId: null, fromMs: 0, toMs: startMs + hourMs };

  it('are told to every window, kept over a restart, and can be taken back', async () => {
    const { handlers } = under.history;
    const added = await handlers['history.addNote'](note, under.context);
    expect(added).toMatchObject({ kind: 'note', ...note });
    expect(under.heard('history.eventAdded')).toEqual([added]);
    await restart();
    expect(await eventsOf(all)).toEqual([added]);
    const deleted = await under.history.handlers['history.deleteNote'](
      { eventId: added.eventId },
      under.context,
    );
    expect(deleted).toEqual(added);
    expect(under.heard('history.eventDeleted')).toEqual([{ eventId: added.eventId }]);
    expect(await eventsOf(all)).toEqual([]);
    await expect(
      under.history.handlers['history.deleteNote']({ eventId: added.eventId }, under.context),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of the pools and of Poolscope itself are recorded by themselves', async () => {
    under.events.emit('pools.changed', { profileId: 'a', state: 'open', error: null } as never);
    under.tick(second(0));
    under.tick(second(1, { max: 20 }));
    await restart();
    under.tick(second(60));
    await expect
      .poll(async () => (await eventsOf({ ...all, profileId: 'a' })).map(({ kind }) => kind), {
        timeout: 15_000,
      })
      .toEqual(['poolOpened', 'poolResized', 'recordingGap']);
  });
});

describe('the state of recording', () => {
  it('costs no event of the time when nothing could be written', async () => {
    const later = path.join(folder, 'later');
    const without = openHistory(later, startMs);
    await without.history.store.opened();
    without.events.emit('pools.changed', { profileId: 'a', state: 'open', error: null } as never);
    without.tick(second(0));
    await mkdir(later);
    await expect.poll(() => without.history.store.recording.state, { timeout: 15_000 }).toBe('recording');
    const query = { profileId: 'a', fromMs: startMs - hourMs, toMs: startMs + hourMs };
    await expect
      .poll(() => without.history.handlers['history.events'](query, without.context))
      .toMatchObject([{ kind: 'poolOpened' }]);
    await without.history.close();
  });

  it('is told to every window', async () => {
    await under.history.store.opened();
    expect(under.heard('history.recordingChanged')).toEqual([{ state: 'recording', reason: '' }]);
    const storage = await under.history.handlers['history.storage']({}, under.context);
    expect(storage.recording.state).toBe('recording');
    expect(storage.file).toBe(path.join(folder, 'history.db'));
  });
});

describe('a data folder that cannot be used', () => {
  it('costs neither the start nor the end, nor what memory holds when a deletion fails', async () => {
    const file = path.join(folder, 'no-folder');
    await writeFile(file, '');
    const without = openHistory(file, startMs);
    for (let i = 0; i < 10; i += 1) without.tick(second(i));
    const deletion = { profileId: 'a', beforeMs: null, dryRun: false };
    await expect(
      without.history.handlers['history.deleteRange'](deletion, without.context),
    ).rejects.toMatchObject({ code: 'storage_failed' });
    const query = { profileId: 'a', fromMs: second(0).atMs, toMs: startMs + hourMs, bucketMs: 1000 };
    const { buckets } = await without.history.handlers['history.range'](query, without.context);
    expect(buckets).toHaveLength(10);
    await without.history.close();
  });
});

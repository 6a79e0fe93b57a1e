import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machineSeriesId } from '#shared/model/machine.ts';
import { openHistory } from '../../../../../tests/support/history.ts';
import { machineSampleAt } from '../../../../../tests/support/machine.ts';
import { openForWriting } from '../database/open-database.ts';
import type { MachineHistory } from './machine-history.ts';

const startMs = 1_790_000_040_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A sample each five seconds, the processors busy for a quarter and three quarters by turns. */
async function record(machine: MachineHistory, fromMs: number, forMs: number): Promise<void> {
  for (let atMs = fromMs; atMs < fromMs + forMs; atMs += 5000) {
    // Hours pass at once here, and no more than one may wait for the disk.
    if (atMs > fromMs && (atMs - startMs) % (30 * minuteMs) === 0) await machine.flush();
    machine.record(machineSampleAt(atMs, { cpu: (atMs / 5000) % 2 === 0 ? 0.25 : 0.75 }));
  }
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-machine-history-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const all = { fromMs: startMs - hourMs, toMs: startMs + 30 * dayMs };

describe('what this machine did', () => {
  it('is there after a restart, each sample of it, and goes on without a seam or a double point', async () => {
    const first = openHistory(folder, startMs);
    await record(first.history.machine, startMs, 2 * hourMs);
    const before = await first.history.machine.range({ ...all, bucketMs: 5000 });
    await first.history.close();
    const second = openHistory(folder, startMs + 2 * hourMs);
    // In the middle of a minute, as a restart is.
    await record(second.history.machine, startMs + 2 * hourMs + 25_000, 90_000);
    const after = await second.history.machine.range({ ...all, bucketMs: 5000 });
    await second.history.close();
    expect(before).toHaveLength(1440);
    expect(before[77]).toEqual(machineSampleAt(startMs + 77 * 5000, { cpu: 0.75 }));
    expect(after.slice(0, 1440)).toEqual(before);
    expect(after).toHaveLength(1440 + 18);
    const times = after.map(({ atMs }) => atMs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it('is a mean over the time of each bucket in a long range', async () => {
    const { history } = openHistory(folder, startMs);
    await record(history.machine, startMs, 3 * hourMs);
    const tenMinutes = await history.machine.range({ ...all, bucketMs: 10 * minuteMs });
    await history.close();
    // The first bucket began before there was a sample.
    const whole = tenMinutes.slice(1, -1);
    expect(whole).toHaveLength(17);
    for (const { intervalMs, cpu, diskReadBytesPerSecond, diskWrittenBytesPerSecond } of whole) {
      expect(intervalMs).toBe(10 * minuteMs);
      expect(cpu).toBeCloseTo(0.5, 6);
      expect({ diskReadBytesPerSecond, diskWrittenBytesPerSecond }).toEqual({
        diskReadBytesPerSecond: 128,
        diskWrittenBytesPerSecond: null,
      });
    }
  });

  it('answers the span that is asked for, from disk and from memory alike', async () => {
    const { history } = openHistory(folder, startMs);
    await record(history.machine, startMs, 2 * hourMs);
    const seconds = async (fromMs: number, toMs: number) =>
      (await history.machine.range({ fromMs, toMs, bucketMs: 5000 })).map(({ atMs }) => atMs);
    const old = startMs + 30_000;
    expect(await seconds(old, old + 15_000)).toEqual([old, old + 5000, old + 10_000]);
    const recent = startMs + 110 * minuteMs;
    expect(await seconds(recent, recent + 15_000)).toEqual([recent, recent + 5000, recent + 10_000]);
    await history.close();
  });

  it('keeps single samples as long as those of pools, and minutes as long as their rollups', async () => {
    const { history, setNow, context } = openHistory(folder, startMs);
    await record(history.machine, startMs, 10 * minuteMs);
    await history.machine.flush();
    setNow(startMs + 8 * dayMs);
    await history.handlers['history.setRetention']({ rawDays: 7, rollupDays: 90 }, context);
    await history.close();
    const second = openHistory(folder, startMs + 8 * dayMs);
    const left = await second.history.machine.range({ ...all, bucketMs: 5000 });
    expect(left.map(({ intervalMs }) => intervalMs)).toEqual(Array(10).fill(minuteMs));
    await second.history.handlers['history.setRetention']({ rawDays: 1, rollupDays: 5 }, second.context);
    expect(await second.history.machine.range({ ...all, bucketMs: 5000 })).toEqual([]);
    await second.history.close();
  });

  it('waits in memory while the disk takes nothing, and is written when it does again', async () => {
    const { history } = openHistory(folder, startMs);
    await history.store.opened();
    const write = history.store.appendMachine.bind(history.store);
    history.store.appendMachine = () => Promise.reject(new Error('no room'));
    await record(history.machine, startMs, 3 * minuteMs);
    await new Promise((resolve) => setImmediate(resolve));
    history.store.appendMachine = write;
    await record(history.machine, startMs + 3 * minuteMs, 2 * minuteMs);
    await history.close();
    const second = openHistory(folder, startMs + hourMs);
    expect(await second.history.machine.range({ ...all, bucketMs: 5000 })).toHaveLength(60);
    await second.history.close();
  });

  it('goes on when the clock is set back, with what it knew before', async () => {
    const { history } = openHistory(folder, startMs);
    await record(history.machine, startMs, 30 * minuteMs);
    await record(history.machine, startMs + 20 * minuteMs, 2 * minuteMs);
    const points = await history.machine.range({ ...all, bucketMs: 5000 });
    expect(points.at(-1)?.atMs).toBe(startMs + 22 * minuteMs - 5000);
    expect(points).toHaveLength(22 * 12);
    await history.close();
  });

  it('is counted as stored under its own name, and deleted by itself or with everything', async () => {
    const { history, context } = openHistory(folder, startMs);
    await record(history.machine, startMs, 10 * minuteMs);
    await history.machine.flush();
    const stored = async () => (await history.handlers['history.storage']({}, context)).profiles;
    expect(await stored()).toMatchObject([
      { profileId: machineSeriesId, name: 'This machine', samples: 120, oldestAtMs: startMs },
    ]);
    const deletion = (profileId: string | null) => ({ profileId, beforeMs: null, dryRun: false });
    await history.handlers['history.deleteRange'](deletion('shop'), context);
    expect(await stored()).toHaveLength(1);
    const deleted = await history.handlers['history.deleteRange'](deletion(machineSeriesId), context);
    expect(deleted).toMatchObject({ samples: 120, rollups: 10 });
    expect(await stored()).toEqual([]);
    expect(await history.machine.range({ ...all, bucketMs: 5000 })).toEqual([]);
    await history.close();
  });

  it('leaves out a minute that is damaged on disk', async () => {
    const first = openHistory(folder, startMs);
    await record(first.history.machine, startMs, 3 * minuteMs);
    await first.history.close();
    const db = openForWriting(path.join(folder, 'history.db'));
    db.prepare("UPDATE machine_samples SET packed = x'00ff' WHERE from_ms = ?").run(startMs + minuteMs);
    db.close();
    const second = openHistory(folder, startMs + hourMs);
    expect(await second.history.machine.range({ ...all, bucketMs: 5000 })).toHaveLength(24);
    await second.history.close();
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { TickBatch } from '../database/tick-batch.ts';
import { RecordingQueue } from './recording-queue.ts';

const batch = (atMs: number): TickBatch => ({
  atMs,
  profileIds: [],
  names: [],
  lengths: [],
  bytes: new Uint8Array(),
});
const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });

function setUp() {
  const written: number[] = [];
  const said: string[] = [];
  let isFull = false;
  const queue = new RecordingQueue({
    async write({ atMs }) {
      if (isFull) throw full;
      written.push(atMs);
    },
    onFailure(error) {
      said.push(String((error as { code?: unknown }).code));
      return { retryMs: 5 };
    },
    onRecovered: ({ waited, lost }) => said.push(`recovered, ${waited} waited, ${lost} lost`),
  });
  queue.release(false);
  return {
    queue,
    written,
    said,
    fill(full: boolean) {
      isFull = full;
    },
  };
}

describe('ticks on their way to a disk', () => {
  it('are written in order, once each, those of a full disk when there is room again', async () => {
    const { queue, written, said, fill } = setUp();
    queue.add(batch(1));
    await queue.flushed();
    fill(true);
    for (let i = 2; i <= 10; i += 1) queue.add(batch(i));
    await vi.waitFor(() => expect(said.length).toBeGreaterThan(2));
    fill(false);
    await vi.waitFor(() => expect(written).toHaveLength(10));
    expect(written).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(said.at(-1)).toBe('recovered, 9 waited, 0 lost');
    queue.close();
  });

  it('wait for an hour and no longer, so that memory does not grow', async () => {
    const { queue, written, said, fill } = setUp();
    fill(true);
    for (let i = 0; i < 4000; i += 1) queue.add(batch(i));
    fill(false);
    await vi.waitFor(() => expect(written).toHaveLength(3600));
    expect(written[0]).toBe(400);
    expect(written.at(-1)).toBe(3999);
    expect(said.at(-1)).toContain('400 lost');
    queue.close();
  });

  it('are not tried again after it was closed', async () => {
    const { queue, said, fill } = setUp();
    fill(true);
    queue.add(batch(1));
    await queue.flushed();
    queue.close();
    const before = said.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(said).toHaveLength(before);
  });
});

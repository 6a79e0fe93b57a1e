import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore, type StoreUnderTest } from '../../../../../tests/support/history-store.ts';
import { sampleAt } from '../../../../../tests/support/samples.ts';

const startMs = Math.floor(1_790_000_000_000 / 3_600_000) * 3_600_000;
const second = (index: number) => sampleAt(startMs + index * 1000 + 500, { acquired: 1 });
const span = { profileId: 'a', fromMs: startMs, toMs: startMs + 3_600_000, bucketMs: 1000 };

let folder: string;
let open_: StoreUnderTest[] = [];
const start = (file: string) => {
  const opened = openStore(file);
  open_.push(opened);
  return opened;
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-faults-'));
});
afterEach(async () => {
  for (const { store } of open_) await store.close();
  open_ = [];
  await rm(folder, { recursive: true, force: true });
});

async function recordedFile(seconds: number): Promise<string> {
  const file = path.join(folder, 'history.db');
  const { store, tick } = openStore(file);
  for (let i = 0; i < seconds; i += 1) tick(second(i));
  await store.close();
  return file;
}

describe('a damaged history file', () => {
  it.each(['no database at all', ''])(
    'of the content %j is set aside by name, and a new one begins',
    async (content) => {
      const file = path.join(folder, 'history.db');
      await writeFile(file, content === '' ? Buffer.alloc(8192, 7) : content);
      const { store, notices, tick } = start(file);
      tick(second(0));
      await store.flushed();
      expect(store.recording.state).toBe('recording');
      const aside = (await readdir(folder)).find((name) => name.startsWith('history-damaged-')) ?? '';
      expect(notices).toEqual([
        {
          level: 'warning',
          message: `The history file was damaged. It was set aside as ${path.join(folder, aside)}, and a new one has begun.`,
        },
      ]);
      expect((await stat(path.join(folder, aside))).size).toBe(content === '' ? 8192 : content.length);
      expect((await store.range(span)).buckets).toHaveLength(1);
    },
  );

  it('of another program is set aside, not written over', async () => {
    const file = path.join(folder, 'history.db');
    const other = new Database(file);
    other.exec("CREATE TABLE letters (text); INSERT INTO letters VALUES ('dear')");
    other.close();
    const { store } = start(file);
    await store.opened();
    const aside = (await readdir(folder)).find((name) => name.startsWith('history-damaged-')) ?? '';
    const kept = new Database(path.join(folder, aside), { readonly: true });
    expect(kept.prepare('SELECT text FROM letters').pluck().get()).toBe('dear');
    kept.close();
  });

  it('that goes bad while it is open is replaced once, and recording goes on', async () => {
    const file = await recordedFile(1500);
    // All pages but the first: it opens, and is found out by what is read from it.
    const handle = await open(file, 'r+');
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096);
    await handle.close();
    const { store, notices, tick } = start(file);
    tick(second(2000));
    await store.flushed();
    await store.range(span).catch(() => {});
    await vi.waitFor(async () => {
      tick(second(2001));
      await store.flushed();
      expect((await store.range(span)).buckets.length).toBeGreaterThan(0);
    });
    expect(notices.filter(({ message }) => message.includes('set aside'))).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => /^history-damaged-.*\.db$/.test(name))).toHaveLength(1);
  });
});

describe('a damaged row of the last minutes', () => {
  it.each(['substr(batch, 1, 3)', 'substr(batch, 1, 12)', 'CAST(zeroblob(0) AS BLOB)'])(
    'costs its second (%s): the others are read, sealed and gone on with',
    async (damaged) => {
      const file = await recordedFile(20);
      const db = new Database(file);
      expect(db.prepare(`UPDATE journal SET batch = ${damaged} WHERE seq = 10`).run().changes).toBe(1);
      // As long as it was, with numbers that do not end.
      const endless = "CAST(substr(batch, 1, length(batch) - 6) || x'ffffffffffff' AS BLOB)";
      db.prepare(`UPDATE journal SET batch = ${endless} WHERE seq = 11`).run();
      db.close();
      const { store, notices, tick } = start(file);
      tick(second(20));
      await store.flushed();
      expect((await store.range(span)).buckets).toHaveLength(19);
      tick(second(700), second(701));
      tick(second(702));
      await store.flushed();
      await expect
        .poll(async () => {
          const reading = new Database(file, { readonly: true });
          const sealed = reading.prepare('SELECT samples FROM chunks').pluck().all();
          reading.close();
          return sealed;
        })
        .toEqual([19]);
      expect(notices).toEqual([]);
    },
  );
});

describe('a history file of a newer Poolscope', () => {
  it('is left as it is, and said', async () => {
    const file = await recordedFile(10);
    const db = new Database(file);
    db.pragma('user_version = 7');
    db.close();
    const before = await readFile(file);
    const { store, notices, tick } = start(file);
    tick(second(20));
    await store.opened();
    await store.flushed();
    expect(store.recording.state).toBe('off');
    expect(store.file).toBeNull();
    expect(notices).toHaveLength(1);
    expect(notices[0]?.message).toContain('was written by a newer Poolscope and is left as it is');
    expect(notices[0]?.message).toContain('layout 7');
    expect((await store.range(span)).buckets).toEqual([]);
    await expect(store.storage()).rejects.toMatchObject({ code: 'storage_failed' });
    await store.close();
    expect(await readFile(file)).toEqual(before);
  });
});

describe('a folder that cannot be written', () => {
  it('stops recording with one warning, and recording resumes by itself', async () => {
    const file = path.join(folder, 'later', 'history.db');
    const { store, notices, states, tick } = start(file);
    for (let i = 0; i < 5; i += 1) tick(second(i));
    await store.opened();
    expect(store.recording.state).toBe('stopped');
    await mkdir(path.join(folder, 'later'));
    await vi.waitFor(() => expect(store.recording.state).toBe('recording'), 5000);
    await store.flushed();
    expect((await store.range(span)).buckets).toHaveLength(5);
    expect(states.map(({ state }) => state)).toEqual(['stopped', 'recording']);
    expect(notices.map(({ level }) => level)).toEqual(['warning', 'info']);
    expect(notices[1]?.message).toContain('nothing is missing');
  });
});

/** A real small disk where this account may mount one; otherwise SQLite's own limit on pages. */
const mayMount = process.getuid?.() === 0 && process.platform === 'linux';

describe.runIf(mayMount)('a disk that is full', () => {
  it('stops recording with one plain warning, and recording resumes by itself when there is room', async () => {
    const disk = path.join(folder, 'disk');
    await mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'poolscope-test', disk]);
    expect(String(mounted.stderr)).toBe('');
    try {
      const { store, notices, states, tick } = openStore(path.join(disk, 'history.db'));
      tick(second(0));
      await store.flushed();
      const ballast = path.join(disk, 'ballast');
      await fill(ballast);
      // The log has some room left in the pages it already has.
      for (let i = 1; store.recording.state === 'recording' && i < 3000; i += 1) {
        tick(second(i % 500));
        await store.flushed();
      }
      expect(store.recording.state).toBe('stopped');
      expect(notices).toEqual([
        { level: 'warning', message: expect.stringContaining(`the disk of ${disk} is full`) },
      ]);
      for (let i = 600; i < 700; i += 1) tick(second(i));
      const live = await store.range({ ...span, toMs: startMs + 1000 });
      expect(live.buckets).toHaveLength(1);
      await rm(ballast);
      await vi.waitFor(() => expect(store.recording.state).toBe('recording'), 10_000);
      await store.flushed();
      const after = await store.range({ ...span, fromMs: startMs + 600_000, toMs: startMs + 700_000 });
      expect(after.buckets).toHaveLength(100);
      expect(states.map(({ state }) => state)).toEqual(['recording', 'stopped', 'recording']);
      expect(notices).toHaveLength(2);
      await store.close();
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });

  it('leaves no damaged file behind when there is no room to make one: nothing is there to be read', async () => {
    const disk = path.join(folder, 'disk');
    await mkdir(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'poolscope-test', disk]);
    try {
      const ballast = path.join(disk, 'ballast');
      await fill(ballast);
      const { store, notices, tick } = openStore(path.join(disk, 'history.db'));
      tick(second(0));
      await store.opened();
      expect(store.recording.state).toBe('stopped');
      expect((await store.range(span)).buckets).toEqual([]);
      expect(await store.events({ profileIds: null, fromMs: 0, toMs: startMs })).toEqual([]);
      expect(store.file).toBeNull();
      await rm(ballast);
      await vi.waitFor(() => expect(store.recording.state).toBe('recording'), 10_000);
      await store.flushed();
      expect((await store.range(span)).buckets).toHaveLength(1);
      expect(notices.map(({ level }) => level)).toEqual(['warning', 'info']);
      await store.close();
      expect((await readdir(disk)).filter((name) => name.includes('damaged'))).toEqual([]);
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});

async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const size of [65_536, 4096, 512]) {
      try {
        for (;;) await handle.write(Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    await handle.close();
  }
}

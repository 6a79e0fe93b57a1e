import { mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenBundle } from '#shared/contract/history-bundle.ts';
import { historyEventKinds } from '#shared/model/history-event.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { BusyPool } from '../../../../bench/history/busy-pool.ts';
import { type HistoryUnderTest, openHistory } from '../../../../tests/support/history.ts';
import { createExporter } from './index.ts';

const hourMs = 3_600_000;
const startMs = Math.floor(1_790_000_000_000 / hourMs) * hourMs;
const seconds = 1500;
const span = { fromMs: startMs + 30_000, toMs: startMs + 1_400_000 };

let folder: string;
let here: HistoryUnderTest;
let elsewhere: HistoryUnderTest;
let bundle: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-bundle-'));
  here = openHistory(folder, startMs);
  const pool = new BusyPool('a', 10, 3);
  for (let i = 0; i < seconds; i += 1) here.tick(pool.sample(startMs + i * 1000 + 500));
  const note = { profileId: 'a', fromMs: startMs + 60_000, toMs: startMs + 60_000 };
  await here.history.handlers['history.addNote'](
    { ...note, text: '<script>alert(1)</script>' },
    here.context,
  );
  bundle = await bundleOf(here);
  const other = await mkdtemp(path.join(folder, 'elsewhere-'));
  elsewhere = openHistory(other, startMs);
});
afterAll(async () => {
  await here.history.close();
  await elsewhere.history.close();
  await rm(folder, { recursive: true, force: true });
});

async function bundleOf({ history, events, context }: HistoryUnderTest): Promise<Buffer> {
  const parts: Buffer[] = [];
  const exporter = createExporter({
    history,
    profileOf: () =>
      ({ ...profileDefaults, name: '../../etc/passwd', host: 'db.example', password: 'hunter2' }) as never,
    async saveFile({ content }) {
      for await (const part of content()) parts.push(Buffer.from(part));
      return { kind: 'saved', path: '/x' };
    },
    events,
    clock: { nowMs: () => startMs, monotonicMs: () => 0 },
    version: '1.2.3',
  });
  await exporter.handlers['exporter.bundle']({ exportId: 'b', profileIds: ['a'], ...span }, context);
  return Buffer.concat(parts);
}

async function openBytes(bytes: Uint8Array): Promise<OpenBundle> {
  const file = path.join(folder, 'given.poolscope');
  await writeFile(file, bytes);
  elsewhere.pick(file);
  const outcome = await elsewhere.history.handlers['history.openBundle']({}, elsewhere.context);
  if (outcome.kind !== 'opened') throw new Error(`The outcome is ${outcome.kind}.`);
  return outcome.value;
}

describe('an incident bundle', () => {
  it('opens elsewhere with the same figures, events and settings, and no secret', async () => {
    const opened = await openBytes(bundle);
    expect(opened).toMatchObject({
      ...{ fileName: 'picked.poolscope', writtenBy: '1.2.3', ...span, samples: 1370, events: 1 },
      profiles: [
        {
          profileId: 'a',
          name: '../../etc/passwd',
          samples: 1370,
          settings: { host: 'db.example', max: '10' },
        },
      ],
    });
    const all = Object.values(unzipSync(bundle)).map((bytes) => Buffer.from(bytes).toString());
    expect(all.join('')).not.toContain('hunter2');
    const { bundleId } = opened;
    for (const bucketMs of [1000, 60_000, 300_000]) {
      const query = { profileId: 'a', ...span, bucketMs };
      const own = await here.history.handlers['history.range'](query, here.context);
      const theirs = await elsewhere.history.handlers['history.range'](
        { ...query, bundleId },
        elsewhere.context,
      );
      const figures = (range: typeof own) =>
        range.buckets.map(({ startMs: at, acquired, used, waitMs, holdMs }) => ({
          at,
          acquired,
          used,
          waitMs: waitMs.bins,
          holdMs: holdMs.bins,
        }));
      expect(figures(theirs)).toEqual(figures(own));
      expect(theirs.lastAtMs).toBe(own.lastAtMs);
    }
    const events = { profileId: 'a', fromMs: 0, toMs: startMs + hourMs };
    expect(
      await elsewhere.history.handlers['history.events']({ ...events, bundleId }, elsewhere.context),
    ).toMatchObject([{ kind: 'note', text: '<script>alert(1)</script>' }]);
    // Beside this machine's own history, never in it.
    expect(await elsewhere.history.handlers['history.events'](events, elsewhere.context)).toEqual([]);
    await elsewhere.history.handlers['history.closeBundle']({ bundleId }, elsewhere.context);
    const gone = elsewhere.history.handlers['history.events']({ ...events, bundleId }, elsewhere.context);
    await expect(gone).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves nothing behind when it is closed', async () => {
    const before = await dataFiles();
    const { bundleId } = await openBytes(bundle);
    expect((await dataFiles()).length).toBeGreaterThan(before.length);
    await elsewhere.history.handlers['history.closeBundle']({ bundleId }, elsewhere.context);
    expect(await dataFiles()).toEqual(before);
  });

  it('opens whatever length of words a server closed a pool with', async () => {
    const under = openHistory(await mkdtemp(path.join(folder, 'wordy-')), startMs);
    under.tick(new BusyPool('a', 10, 3).sample(span.fromMs + 500));
    const at = { fromMs: span.fromMs, toMs: span.fromMs };
    await under.history.store.addEvent({
      ...{ eventId: 'e', kind: 'poolClosed', profileId: 'a', ...at, text: 'why '.repeat(5000) },
    });
    const opened = await openBytes(await bundleOf(under));
    expect(opened).toMatchObject({ samples: 1, events: 1 });
    await under.history.close();
  });

  it('takes every kind of event along', async () => {
    const under = openHistory(await mkdtemp(path.join(folder, 'eventful-')), startMs);
    under.tick(new BusyPool('a', 10, 3).sample(span.fromMs + 500));
    for (const [i, kind] of historyEventKinds.entries()) {
      const at = { fromMs: span.fromMs + i, toMs: span.fromMs + i };
      await under.history.store.addEvent({ eventId: `e${i}`, kind, profileId: 'a', ...at, text: kind });
    }
    const { bundleId } = await openBytes(await bundleOf(under));
    const query = { bundleId, profileId: 'a', fromMs: 0, toMs: startMs + hourMs };
    const events = await elsewhere.history.handlers['history.events'](query, elsewhere.context);
    expect(events.map(({ kind }) => kind)).toEqual(historyEventKinds);
    await under.history.close();
  });

  it('that could not be opened again is not begun', async () => {
    const large = await mkdtemp(path.join(folder, 'large-'));
    const before = openHistory(large, startMs);
    const pool = new BusyPool('a', 10, 3);
    for (let i = 0; i < seconds; i += 1) before.tick(pool.sample(startMs + i * 1000 + 500));
    await before.history.store.flushed();
    await expect.poll(() => sealed(large)).toBeGreaterThan(0);
    await before.history.close();
    const db = new Database(path.join(large, 'history.db'));
    db.exec('UPDATE chunks SET samples = 11000000');
    db.close();
    const under = openHistory(large, startMs);
    await expect(bundleOf(under)).rejects.toMatchObject({
      code: 'bad_input',
      message: 'This is more than an incident bundle can hold (512 MiB).',
    });
    await under.history.close();
  });

  it('is not asked for twice when the user changes their mind', async () => {
    elsewhere.pick(null);
    expect(await elsewhere.history.handlers['history.openBundle']({}, elsewhere.context)).toEqual({
      kind: 'cancelled',
    });
  });
});

function sealed(dataFolder: string): number {
  const db = new Database(path.join(dataFolder, 'history.db'), { readonly: true });
  const count = db.prepare<[], number>('SELECT count(*) FROM chunks').pluck().get() ?? 0;
  db.close();
  return count;
}

/** The good bundle with other contents, packed anew; null leaves a file out. */
function changed(changes: Record<string, Uint8Array | null>): Uint8Array {
  const files = Object.entries({ ...unzipSync(bundle), ...changes });
  return zipSync(Object.fromEntries(files.filter(([, bytes]) => bytes !== null)) as Zippable);
}
const text = (name: string) => Buffer.from(unzipSync(bundle)[name] ?? []).toString();
const manifest = (change: Record<string, unknown>) =>
  changed({ 'manifest.json': strToU8(JSON.stringify({ ...JSON.parse(text('manifest.json')), ...change })) });
/** With another first sample. */
function sample(change: Record<string, unknown>): Uint8Array {
  const [first = '', ...rest] = text('samples/1.jsonl').split('\n');
  const lines = [JSON.stringify({ ...JSON.parse(first), ...change }), ...rest];
  return changed({ 'samples/1.jsonl': strToU8(lines.join('\n')) });
}
const oneMs = { sumMs: 1, minMs: 1, maxMs: 1 };

describe('a bundle from anyone', () => {
  it.each<[string, string, () => Uint8Array]>([
    ['cut short', 'incomplete', () => bundle.subarray(0, bundle.length - 40)],
    ['cut in the middle', 'incomplete', () => bundle.subarray(0, bundle.length / 2)],
    ['empty', 'incomplete', () => new Uint8Array()],
    ['no zip file', 'not an incident bundle', () => Buffer.from('time,used\r\n'.repeat(100))],
    [
      'a zip file of something else',
      'not an incident bundle',
      () => zipSync({ 'letter.txt': strToU8('dear') }),
    ],
    ['of a newer version', 'newer Poolscope', () => manifest({ version: 2 })],
    ['without its samples', 'damaged', () => changed({ 'samples/1.jsonl': null })],
    ['with a manifest that is no JSON', 'damaged', () => changed({ 'manifest.json': strToU8('{') })],
    ['with a profile that is no profile', 'damaged', () => manifest({ profiles: [{ profileId: 7 }] })],
    [
      'with a connection twice',
      'damaged',
      () => manifest({ profiles: ['b', 'b'].map((profileId) => ({ profileId, name: 'x', settings: {} })) }),
    ],
    ['with an end beyond all calendars', 'damaged', () => manifest({ toMs: 8.64e15 })],
    ['with text where a number should be', 'damaged', () => sample({ used: 'many' })],
    ['with a number beyond all bounds', 'damaged', () => sample({ used: 1e300 })],
    ['with a time no calendar has', 'damaged', () => sample({ atMs: 9e15 })],
    [
      'with a histogram that does not add up',
      'damaged',
      () => sample({ waitMs: { count: 3, ...oneMs, bins: [1, 2] } }),
    ],
    [
      'with an endless histogram',
      'damaged',
      () => sample({ waitMs: { count: 1, ...oneMs, bins: [1e9, 1] } }),
    ],
    [
      'with a kind of event that there is not',
      'damaged',
      () => changed({ 'events.jsonl': strToU8(text('events.jsonl').replace('"note"', '"__proto__"')) }),
    ],
    [
      'with a line without an end',
      'larger than',
      () => changed({ 'events.jsonl': new Uint8Array(3e6).fill(97) }),
    ],
  ])('%s is refused in words', async (_what, words, bytes) => {
    const before = await dataFiles();
    const opening = openBytes(bytes());
    await expect(opening).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining(words),
    });
    await expect(opening).rejects.toMatchObject({ details: { remedy: expect.stringMatching(/\.$/) } });
    expect(await dataFiles()).toEqual(before);
  });

  it('that says less than it holds is refused, not unpacked', async () => {
    const bomb = Buffer.from(changed({ 'events.jsonl': new Uint8Array(50e6).fill(10) }));
    // The size of the unpacked entry, in the directory at the end.
    const name = bomb.lastIndexOf('events.jsonl');
    bomb.writeUInt32LE(1000, name - 46 + 24);
    await expect(openBytes(bomb)).rejects.toMatchObject({ message: expect.stringContaining('damaged') });
  });

  it('that claims more than fits is refused before it is unpacked', async () => {
    const large = Buffer.from(bundle);
    const name = large.lastIndexOf('events.jsonl');
    large.writeUInt32LE(0xfffffff0, name - 46 + 24);
    await expect(openBytes(large)).rejects.toMatchObject({ message: expect.stringContaining('larger than') });
  });

  it('with a changed byte anywhere is refused, or opens with the very same samples', async () => {
    for (let round = 0; round < 12; round += 1) {
      const flipped = Buffer.from(bundle);
      const at = Math.floor((round / 12) * flipped.length) + 37;
      flipped[at] = (flipped[at] as number) ^ 0x41;
      const opened = await openBytes(flipped).catch((error: { code: string }) => error.code);
      if (typeof opened === 'string') expect(opened).toBe('bad_input');
      else expect(opened.samples).toBe(1370);
    }
  });

  it('never writes where a name in it points', async () => {
    const out = strToU8('out');
    const slip = changed({ '../../../slipped.txt': out, '/tmp/poolscope-slipped.txt': out });
    const { samples } = await openBytes(slip);
    expect(samples).toBe(1370);
    await expect(stat('/tmp/poolscope-slipped.txt')).rejects.toMatchObject({ code: 'ENOENT' });
    const all = await readdir(folder, { recursive: true });
    expect(all.filter((name) => name.includes('slipped'))).toEqual([]);
  });

  it('of more than half a gigabyte is refused unread', async () => {
    const file = path.join(folder, 'huge.poolscope');
    const handle = await open(file, 'w');
    await handle.truncate(600 * 2 ** 20);
    await handle.close();
    elsewhere.pick(file);
    const opening = elsewhere.history.handlers['history.openBundle']({}, elsewhere.context);
    await expect(opening).rejects.toMatchObject({ message: expect.stringContaining('larger than') });
    await rm(file);
  });
});

async function dataFiles(): Promise<string[]> {
  const all = await readdir(folder, { recursive: true });
  return all.filter((name) => name.includes('open-bundles') && name.endsWith('.db')).sort();
}

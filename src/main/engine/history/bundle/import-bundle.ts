import type { Database } from 'better-sqlite3';
import type * as z from 'zod/mini';
import type { BundledProfile, OpenBundle } from '#shared/contract/history-bundle.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { addEvent } from '../database/events-table.ts';
import { openForWriting } from '../database/open-database.ts';
import { sealWindow } from '../database/seal.ts';
import { SeriesTable } from '../database/series-table.ts';
import { startOf, windowMs } from '../database/windows.ts';
import { BundleError } from './bundle-error.ts';
import {
  type BundleManifest,
  bundledEventSchema,
  bundledSampleSchema,
  bundleLimits,
  bundleVersion,
  eventsEntry,
  manifestEntry,
  manifestSchema,
  samplesEntry,
  versionSchema,
} from './manifest.ts';
import { type ZipEntry, ZipReader } from './zip-reader.ts';

export type ImportedBundle = Omit<OpenBundle, 'bundleId' | 'fileName'>;

/**
 * Reads a bundle into a database of its own, which the same queries as ever then read.
 * @throws BundleError; what was written by then is the caller's to delete
 */
export async function importBundle(path: string, databaseFile: string): Promise<ImportedBundle> {
  const zip = await ZipReader.open(path);
  try {
    const manifest = await readManifest(zip);
    const db = openForWriting(databaseFile);
    try {
      // It can be made again from the bundle at any time.
      db.pragma('synchronous = OFF');
      return await new BundleImport(zip, db, manifest).run();
    } finally {
      db.close();
    }
  } finally {
    await zip.close();
  }
}

async function readManifest(zip: ZipReader): Promise<BundleManifest> {
  const entry = zip.entries.get(manifestEntry);
  if (entry === undefined) throw new BundleError('foreign');
  if (entry.bytes > bundleLimits.manifestBytes) throw new BundleError('large');
  const pieces: Buffer[] = [];
  for await (const piece of zip.read(entry)) pieces.push(piece);
  const value = parseJson(Buffer.concat(pieces).toString('utf8'));
  const head = versionSchema.safeParse(value);
  if (!head.success) throw new BundleError('foreign');
  if (head.data.version > bundleVersion) throw new BundleError('newer');
  return checked(manifestSchema, value);
}

class BundleImport {
  readonly #zip: ZipReader;
  readonly #db: Database;
  readonly #manifest: BundleManifest;
  readonly #series: SeriesTable;
  #samples = 0;
  #windows = 0;

  constructor(zip: ZipReader, db: Database, manifest: BundleManifest) {
    this.#zip = zip;
    this.#db = db;
    this.#manifest = manifest;
    this.#series = new SeriesTable(db);
  }

  async run(): Promise<ImportedBundle> {
    const { writtenBy, writtenAtMs, fromMs, toMs } = this.#manifest;
    const profiles: BundledProfile[] = [];
    for (const [index, { profileId, name, settings }] of this.#manifest.profiles.entries()) {
      const before = this.#samples;
      await this.#readSamples(this.#entry(samplesEntry(index + 1)), profileId, name);
      profiles.push({ profileId, name, settings, samples: this.#samples - before });
    }
    const events = await this.#readEvents(this.#entry(eventsEntry));
    return { writtenBy, writtenAtMs, fromMs, toMs, profiles, samples: this.#samples, events };
  }

  #entry(name: string): ZipEntry {
    const entry = this.#zip.entries.get(name);
    if (entry === undefined) throw new BundleError('damaged');
    return entry;
  }

  async #readSamples(entry: ZipEntry, profileId: string, name: string): Promise<void> {
    const seriesId = this.#series.numberOf(profileId, name);
    let run: PoolSample[] = [];
    let runBytes = 0;
    const seal = () => {
      if (run[0] !== undefined) this.#seal(seriesId, startOf(run[0].atMs, windowMs), run);
      [run, runBytes] = [[], 0];
    };
    for await (const line of linesOf(this.#zip.read(entry))) {
      this.#samples += 1;
      if (this.#samples > bundleLimits.samples) throw new BundleError('large');
      const sample = { profileId, ...checked(bundledSampleSchema, parseJson(line)) };
      if (run[0] !== undefined && startOf(run[0].atMs, windowMs) !== startOf(sample.atMs, windowMs)) seal();
      run.push(sample);
      runBytes += line.length;
      // A window holds 600; a file that repeats one moment must not pile up.
      if (run.length >= 10_000 || runBytes >= bundleLimits.runBytes) seal();
    }
    seal();
  }

  #seal(seriesId: number, window: number, samples: PoolSample[]): void {
    this.#windows += 1;
    if (this.#windows > bundleLimits.windows) throw new BundleError('large');
    samples.sort((a, b) => a.atMs - b.atMs);
    this.#db.transaction(() => {
      this.#series.addTotals(seriesId, sealWindow(this.#db, seriesId, window, samples));
      this.#series.setSealed(seriesId, 0, samples.at(-1)?.atMs ?? null);
    })();
  }

  async #readEvents(entry: ZipEntry): Promise<number> {
    let count = 0;
    for await (const line of linesOf(this.#zip.read(entry))) {
      count += 1;
      if (count > bundleLimits.events) throw new BundleError('large');
      addEvent(this.#db, checked(bundledEventSchema, parseJson(line)));
    }
    return count;
  }
}

function checked<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new BundleError('damaged');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BundleError('damaged');
  }
}

async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      if (end > start) yield bytes.toString('utf8', start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > bundleLimits.lineBytes) throw new BundleError('large');
  }
  if (rest.length > 0) throw new BundleError('damaged');
}

import { Zip, ZipDeflate } from 'fflate';
import { EngineError } from '../base/errors.ts';
import {
  type BundleManifest,
  bundledEvent,
  bundledLine,
  bundleFormat,
  bundleLimits,
  bundleVersion,
  type ExportReader,
  eventsEntry,
  manifestEntry,
  samplesEntry,
} from '../history/index.ts';
import { sampleBatches } from './export-rows.ts';
import type { BundleOutput, ExportPiece, ExportTask } from './export-task.ts';

/** What a bundle has come to, or will. */
interface BundleSize {
  samples: number;
  packedBytes: number;
  unpackedBytes?: number;
}

/** A bundle that no Poolscope would open is not written. @throws EngineError `bad_input` */
export function checkCanBeOpened({ samples, packedBytes, unpackedBytes = 0 }: BundleSize): void {
  const { fileBytes, samples: most, unpackedBytes: mostUnpacked } = bundleLimits;
  if (samples <= most && packedBytes <= fileBytes && unpackedBytes <= mostUnpacked) return;
  throw new EngineError(
    'bad_input',
    `This is more than an incident bundle can hold (${fileBytes / 2 ** 20} MiB).`,
    { remedy: 'Choose a shorter range or fewer connections, or export it as Parquet.' },
  );
}

/**
 * An incident bundle, piece by piece. What is in it says `history/bundle/manifest.ts`.
 * @throws as `checkCanBeOpened`, as soon as it is too large
 */
export function* writeBundle(
  reader: ExportReader | null,
  task: ExportTask,
  output: BundleOutput,
): Generator<ExportPiece, void, undefined> {
  let ready: Uint8Array[] = [];
  const size = { samples: 0, packedBytes: 0, unpackedBytes: 0 };
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  const take = (rows: number): ExportPiece => {
    const bytes = Buffer.concat(ready);
    ready = [];
    size.samples += rows;
    size.packedBytes += bytes.length;
    checkCanBeOpened(size);
    return { bytes, rows };
  };
  const begin = (name: string): ZipDeflate => {
    const entry = new ZipDeflate(name, { level: 6 });
    zip.add(entry);
    return entry;
  };
  const whole = (name: string, text: string) => begin(name).push(Buffer.from(text), true);

  const { fromMs, toMs } = task;
  whole(manifestEntry, `${JSON.stringify(manifestOf(task, output), null, 2)}\n`);
  for (const [index, profile] of task.profiles.entries()) {
    const entry = begin(samplesEntry(index + 1));
    for (const samples of sampleBatches(reader, profile, task)) {
      const lines = Buffer.from(samples.map(bundledLine).join(''));
      size.unpackedBytes += lines.length;
      entry.push(lines);
      yield take(samples.length);
    }
    entry.push(new Uint8Array(), true);
  }
  const profileIds = task.profiles.map(({ profileId }) => profileId);
  const events = reader?.events(profileIds, { fromMs, toMs }) ?? [];
  whole(eventsEntry, events.map(bundledEvent).join(''));
  zip.end();
  yield take(0);
}

function manifestOf({ profiles, fromMs, toMs }: ExportTask, output: BundleOutput): BundleManifest {
  return {
    format: bundleFormat,
    version: bundleVersion,
    writtenBy: output.writtenBy,
    writtenAtMs: output.writtenAtMs,
    fromMs,
    toMs,
    profiles: profiles.map(({ profileId, name }, index) => ({
      profileId,
      name,
      settings: output.settings[index] ?? {},
    })),
  };
}

import { Zip, ZipDeflate } from 'fflate';
import {
  type BundleManifest,
  bundledLine,
  bundleFormat,
  bundleVersion,
  type ExportReader,
  eventsEntry,
  manifestEntry,
  samplesEntry,
} from '../history/index.ts';
import { sampleBatches } from './export-rows.ts';
import type { BundleOutput, ExportPiece, ExportTask } from './export-task.ts';

/** An incident bundle, piece by piece. What is in it says `history/bundle/manifest.ts`. */
export function* writeBundle(
  reader: ExportReader | null,
  task: ExportTask,
  output: BundleOutput,
): Generator<ExportPiece, void, undefined> {
  let ready: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  const take = (rows: number): ExportPiece => {
    const bytes = Buffer.concat(ready);
    ready = [];
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
      entry.push(Buffer.from(samples.map(bundledLine).join('')));
      yield take(samples.length);
    }
    entry.push(new Uint8Array(), true);
  }
  const profileIds = task.profiles.map(({ profileId }) => profileId);
  const events = reader?.events(profileIds, { fromMs, toMs }) ?? [];
  whole(eventsEntry, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
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

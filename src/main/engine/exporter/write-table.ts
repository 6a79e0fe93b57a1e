import type { ExportReader } from '../history/index.ts';
import { bucketColumns, sampleColumns } from './columns.ts';
import { bucketBatches, exportedBucketMs, sampleBatches } from './export-rows.ts';
import type { ExportedProfile, ExportPiece, ExportShare, ExportTask, TableOutput } from './export-task.ts';
import { type FormatWriter, formats } from './formats.ts';
import { joined } from './text-bytes.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** The file of a table, piece by piece: one connection after another, each in order of time. */
export function* writeTable(
  reader: ExportReader | null,
  task: ExportTask,
  { format, resolution }: TableOutput,
): Generator<ExportPiece, void, undefined> {
  const writer = formats[format].start();
  if (task.share !== undefined) {
    yield* writeShare(reader, task, task.share, writer);
    return;
  }
  for (const profile of task.profiles) {
    if (resolution.kind === 'raw') yield* writeSamples(reader, task, profile, writer);
    else {
      const wantedMs = resolution.kind === 'rollup' ? minuteMs : resolution.bucketMs;
      yield* writeBuckets(reader, task, profile, writer, exportedBucketMs(reader, profile, task, wantedMs));
    }
  }
  yield { bytes: writer.end(), rows: 0 };
}

function* writeSamples(
  reader: ExportReader | null,
  task: ExportTask,
  profile: ExportedProfile,
  writer: FormatWriter,
) {
  const columns = sampleColumns(profile.name);
  for (const samples of sampleBatches(reader, profile, task)) {
    yield { bytes: writer.rows(columns, samples), rows: samples.length };
  }
}

/**
 * What is on disk of each connection by hours, whole by the clock so that no chunk is read twice, then what memory
 * has, in the order in which it stands in the file. Hours before and after all that was recorded are left
 * out: a range may be of years.
 */
function* hoursOf({ profiles, fromMs, toMs }: ExportTask) {
  for (const profile of profiles) {
    const { splitMs, recorded = { fromMs, toMs } } = profile;
    const diskEndMs = Math.min(toMs, splitMs, recorded?.toMs ?? fromMs);
    for (let startMs = Math.max(fromMs, recorded?.fromMs ?? fromMs); startMs < diskEndMs; ) {
      const endMs = Math.min(diskEndMs, (Math.floor(startMs / hourMs) + 1) * hourMs);
      yield { profile, span: { fromMs: startMs, toMs: endMs } };
      startMs = endMs;
    }
    if (toMs > splitMs) yield { profile, span: { fromMs: Math.max(fromMs, splitMs), toMs } };
  }
}

/** A part of the table, in a format whose rows stand by themselves. */
function* writeShare(
  reader: ExportReader | null,
  task: ExportTask,
  { index, of }: ExportShare,
  writer: FormatWriter,
): Generator<ExportPiece, void, undefined> {
  const [first] = task.profiles;
  // The head of the file belongs to its first hour.
  if (index > 0 && first !== undefined) writer.rows(sampleColumns(first.name), []);
  let hour = 0;
  for (const { profile, span } of hoursOf(task)) {
    if (hour++ % of !== index) continue;
    const columns = sampleColumns(profile.name);
    // Also without a sample: the head.
    const parts = [writer.rows(columns, [])];
    let rows = 0;
    for (const samples of sampleBatches(reader, profile, span)) {
      parts.push(writer.rows(columns, samples));
      rows += samples.length;
    }
    yield { bytes: joined(parts), rows };
  }
}

function* writeBuckets(
  reader: ExportReader | null,
  task: ExportTask,
  profile: ExportedProfile,
  writer: FormatWriter,
  bucketMs: number,
) {
  const columns = bucketColumns(profile.name, bucketMs);
  for (const buckets of bucketBatches(reader, profile, task, bucketMs)) {
    yield { bytes: writer.rows(columns, buckets), rows: buckets.length };
  }
}

/** About how many rows there will be; never fewer than there are. */
export function expectedRows(reader: ExportReader | null, task: ExportTask): number {
  const { fromMs, toMs, output } = task;
  let rows = 0;
  for (const profile of task.profiles) {
    const onDisk =
      reader?.countSamples(profile.profileId, { fromMs, toMs: Math.min(toMs, profile.splitMs) }) ?? 0;
    const samples = onDisk + Math.max(0, toMs - Math.max(fromMs, profile.splitMs)) / 1000;
    if (output.kind === 'bundle' || output.resolution.kind === 'raw') rows += samples;
    else {
      const bucketMs = output.resolution.kind === 'rollup' ? minuteMs : output.resolution.bucketMs;
      rows += (toMs - fromMs) / bucketMs + 1;
    }
  }
  return Math.ceil(rows);
}

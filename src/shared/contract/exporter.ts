import * as z from 'zod/mini';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import { timeRangeSchema } from './history.ts';

/**
 * Where an export went. The Electron shell saves through a dialog; the web shell answers with a
 * one-time address on its own origin, which the renderer follows to download the file.
 */
export type SaveOutcome =
  | { kind: 'saved'; path: string }
  | { kind: 'download'; url: string; fileName: string }
  | { kind: 'cancelled' };

export const exportFormats = ['csv', 'jsonl', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How far an export is; the last one has `state` other than `running`. */
export interface ExportProgress {
  exportId: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Rows written, of about `expectedRows`. */
  rows: number;
  expectedRows: number;
  bytes: number;
}

/** Chosen by the caller, to tell its exports apart. */
const exportId = z.string().check(z.minLength(1), z.maxLength(64));

const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));
const profileIds = z
  .array(profileIdSchema)
  .check(z.minLength(1, { error: 'Choose at least one connection.' }), z.maxLength(1000));

const selection = { exportId, profileIds, fromMs: timeMs, toMs: timeMs };
const endsAfterStart = z.refine<{ fromMs: number; toMs: number }>((range) => range.fromMs < range.toMs, {
  path: ['toMs'],
  error: 'The range must end after it starts.',
});

/** `raw`: every sample. `rollup`: a row a minute. `bucketed`: a row for each bucket of a length. */
export const resolutionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('raw') }),
  z.object({ kind: z.literal('rollup') }),
  z.object({ kind: z.literal('bucketed'), bucketMs: z.int().check(z.gte(1000)) }),
]);
export type ExportResolution = z.output<typeof resolutionSchema>;

export const exporterRoutes = {
  /** Every sample of the range as CSV (RFC 4180, UTC times, units in the headers). */
  'exporter.csv': route<SaveOutcome>()(timeRangeSchema),
  /** The range of some connections as a file, streamed; progress as `exporter.progress`. */
  'exporter.save': route<SaveOutcome>()(
    z
      .object({ ...selection, format: z.enum(exportFormats), resolution: resolutionSchema })
      .check(endsAfterStart),
  ),
  /** An incident bundle: samples, events and settings without secrets in one file that Poolscope opens again. */
  'exporter.bundle': route<SaveOutcome>()(z.object(selection).check(endsAfterStart)),
  /** A report of a range, as the page that shows it wrote it: one file, with nothing fetched from elsewhere. */
  'exporter.report': route<SaveOutcome>()(
    z
      .object({
        fromMs: timeMs,
        toMs: timeMs,
        format: z.enum(['html', 'markdown']),
        text: z
          .string()
          .check(z.minLength(1), z.maxLength(5_000_000, { error: 'The report is longer than 5 MB.' })),
      })
      .check(endsAfterStart),
  ),
  /** Stops an export under way, a download included. Unknown ids are ignored. */
  'exporter.cancel': route<{ exportId: string }>()(z.object({ exportId })),
};

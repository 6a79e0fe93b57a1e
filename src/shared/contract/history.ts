import * as z from 'zod/mini';
import type { Bucket } from '../model/bucket.ts';
import type { HistoryEvent } from '../model/history-event.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import { bundleIdSchema, type OpenBundleOutcome } from './history-bundle.ts';
import type { DeletedHistory, HistoryStorage } from './history-storage.ts';

export interface HistoryRange {
  profileId: string;
  /**
   * The bucket length used: as asked for, or a longer one (whole minutes) where the range reaches
   * beyond the raw samples, or is long and the length asked for does not hold whole minutes.
   */
  bucketMs: number;
  /** Oldest first, on multiples of `bucketMs` since the epoch; no bucket where nothing was sampled. */
  buckets: Bucket[];
  /** Time of the newest sample folded in; live samples up to it are already here. 0 when none. */
  lastAtMs: number;
}

/** Upper bound on what one answer may hold; a chart draws about 300. */
export const maxBucketsPerRange = 4000;
/** Upper bound on one answer of `history.events`; the newest are kept. */
export const maxEventsPerRange = 1000;

const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));
const endAfterStart = 'The range must end after it starts.';

export const timeRangeSchema = z
  .object({ profileId: profileIdSchema, fromMs: timeMs, toMs: timeMs })
  .check(z.refine((range) => range.fromMs < range.toMs, { path: ['toMs'], error: endAfterStart }));

/** Names an opened incident bundle to be asked instead of this machine's own history. */
const bundleId = z.optional(bundleIdSchema);

const noteText = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, { error: 'A note must not be empty.' }),
    z.maxLength(500, { error: 'A note can be at most 500 characters long.' }),
  );

export const historyRoutes = {
  'history.range': route<HistoryRange>()(
    z
      .object({
        profileId: profileIdSchema,
        fromMs: timeMs,
        toMs: timeMs,
        bucketMs: z.int().check(z.gte(1000)),
        bundleId,
      })
      .check(
        z.refine((range) => range.fromMs < range.toMs, { path: ['toMs'], error: endAfterStart }),
        z.refine((range) => (range.toMs - range.fromMs) / range.bucketMs <= maxBucketsPerRange, {
          path: ['bucketMs'],
          error: `The range holds more than ${maxBucketsPerRange} buckets; choose a wider bucket.`,
        }),
      ),
  ),
  /** Events of a pool (of all pools for null) and of Poolscope itself that touch the range, oldest first. */
  'history.events': route<HistoryEvent[]>()(
    z
      .object({ profileId: z.nullable(profileIdSchema), fromMs: timeMs, toMs: timeMs, bundleId })
      .check(z.refine((range) => range.fromMs < range.toMs, { path: ['toMs'], error: endAfterStart })),
  ),
  /** A note at a moment (`toMs` the same as `fromMs`) or over a span. */
  'history.addNote': route<HistoryEvent>()(
    z
      .object({ profileId: z.nullable(profileIdSchema), fromMs: timeMs, toMs: timeMs, text: noteText })
      .check(
        z.refine((note) => note.fromMs <= note.toMs, {
          path: ['toMs'],
          error: 'A note cannot end before it starts.',
        }),
      ),
  ),
  /** Answers with the note, so that it can be added again. Other events stay. */
  'history.deleteNote': route<HistoryEvent>()(z.object({ eventId: z.string().check(z.maxLength(64)) })),

  'history.storage': route<HistoryStorage>()(z.object({})),
  /** Takes effect at once: what is older is deleted. */
  'history.setRetention': route<HistoryStorage>()(
    z
      .object({
        rawDays: z.int().check(z.gte(1), z.lte(366)),
        rollupDays: z.int().check(z.gte(1), z.lte(3660)),
      })
      .check(
        z.refine((days) => days.rollupDays >= days.rawDays, {
          path: ['rollupDays'],
          error: 'Rollups must be kept at least as long as the seconds they are made of.',
        }),
      ),
  ),
  /** With `dryRun`, only says what would go. Whole chunks go: up to an hour around `beforeMs` may stay. */
  'history.deleteRange': route<DeletedHistory>()(
    z
      .object({
        /** Null for every connection. */
        profileId: z.nullable(profileIdSchema),
        /** Null for any age. */
        beforeMs: z.nullable(timeMs),
        dryRun: z.boolean(),
      })
      .check(
        z.refine((what) => what.profileId !== null || what.beforeMs !== null, {
          path: ['beforeMs'],
          error: 'Say which connection, or how old.',
        }),
      ),
  ),
  /** Shrinks the file by what was deleted; progress as `history.compactProgress`. Stops where it is when cancelled. */
  'history.compact': route<{ beforeBytes: number; afterBytes: number }>()(z.object({})),

  /** Asks for an incident bundle and opens it read-only beside this machine's own history. */
  'history.openBundle': route<OpenBundleOutcome>()(z.object({})),
  'history.closeBundle': route<{ bundleId: string }>()(z.object({ bundleId: bundleIdSchema })),
};

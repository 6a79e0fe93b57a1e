import * as z from 'zod/mini';
import type { Bucket } from '../model/bucket.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';

export interface HistoryRange {
  profileId: string;
  bucketMs: number;
  /** Oldest first, on multiples of `bucketMs` since the epoch; no bucket where nothing was sampled. */
  buckets: Bucket[];
  /** Time of the newest sample folded in; live samples up to it are already here. 0 when none. */
  lastAtMs: number;
}

/** Upper bound on what one answer may hold; a chart draws about 300. */
export const maxBucketsPerRange = 4000;

export const timeRangeSchema = z
  .object({
    profileId: profileIdSchema,
    fromMs: z.int().check(z.gte(0)),
    toMs: z.int().check(z.gte(0)),
  })
  .check(
    z.refine((range) => range.fromMs < range.toMs, {
      path: ['toMs'],
      error: 'The range must end after it starts.',
    }),
  );

export const historyRoutes = {
  'history.range': route<HistoryRange>()(
    z
      .object({
        profileId: profileIdSchema,
        fromMs: z.int().check(z.gte(0)),
        toMs: z.int().check(z.gte(0)),
        bucketMs: z.int().check(z.gte(1000)),
      })
      .check(
        z.refine((range) => range.fromMs < range.toMs, {
          path: ['toMs'],
          error: 'The range must end after it starts.',
        }),
        z.refine((range) => (range.toMs - range.fromMs) / range.bucketMs <= maxBucketsPerRange, {
          path: ['bucketMs'],
          error: `The range holds more than ${maxBucketsPerRange} buckets; choose a wider bucket.`,
        }),
      ),
  ),
};

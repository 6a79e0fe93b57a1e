import * as z from 'zod/mini';
import type { MachineSample } from '../model/machine.ts';
import { route } from './define.ts';
import { maxBucketsPerRange } from './history.ts';

const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));

export const machineRoutes = {
  /** What the machine did, as far as Poolscope has run: at most one sample per bucket, oldest first. */
  'machine.history': route<MachineSample[]>()(
    z.object({ fromMs: timeMs, toMs: timeMs, bucketMs: z.int().check(z.gte(1000)) }).check(
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

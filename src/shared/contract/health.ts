import * as z from 'zod/mini';
import type { HealthOverview, HealthReport, HealthSpan } from '../model/health.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';

const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));

export const healthRoutes = {
  /** How all open pools are. Ask again on `pools.changed`. */
  'health.overview': route<HealthOverview>()(z.object({})),
  /**
   * The states of one pool (of all for null) over a range, from recorded events, oldest first and
   * without seams for each pool from the first event known.
   */
  'health.timeline': route<HealthSpan[]>()(
    z.object({ profileId: z.nullable(profileIdSchema), fromMs: timeMs, toMs: timeMs }).check(
      z.refine((range) => range.fromMs < range.toMs, {
        path: ['toMs'],
        error: 'The range must end after it starts.',
      }),
    ),
  ),
  /** Runs one check now, outside the schedule. */
  'health.check': route<HealthReport>()(z.object({ profileId: profileIdSchema })),
};

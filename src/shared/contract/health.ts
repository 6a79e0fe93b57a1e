import * as z from 'zod/mini';
import { profileIdSchema } from '../model/profile.ts';
import type { HealthReport } from '../model/health.ts';
import { route } from './define.ts';

export const healthRoutes = {
  /** Runs one check now, outside the schedule. */
  'health.check': route<HealthReport>()(z.object({ profileId: profileIdSchema })),
};

import * as z from 'zod/mini';
import type { HealthReport } from '../model/health.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';

export const healthRoutes = {
  /** Runs one check now, outside the schedule. */
  'health.check': route<HealthReport>()(z.object({ profileId: profileIdSchema })),
};

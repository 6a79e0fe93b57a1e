import * as z from 'zod/mini';
import { type LabReport, labLimits, labSeconds } from '../model/lab.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';

const positive = (label: string, maximum: number) => {
  const error = `${label} must be more than 0 and at most ${maximum.toLocaleString('en-US')}.`;
  return z.number({ error }).check(z.gt(0, { error }), z.lte(maximum, { error }));
};
const variation = (label: string) => {
  const error = `${label} must be from 0 to 25.`;
  return z.number({ error }).check(z.gte(0, { error }), z.lte(25, { error }));
};
const whole = (label: string, maximum: number) => {
  const error = `${label} must be a whole number from 1 to ${maximum.toLocaleString('en-US')}.`;
  return z.int({ error }).check(z.gte(1, { error }), z.lte(maximum, { error }));
};

const holds = {
  holdMs: positive('The mean hold (ms)', 600_000),
  holdCs2: variation('The variation of holds'),
};

const traffic = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('open'),
    // Too many are refused by the lab, which says why.
    arrivalsPerS: positive('Requests per second', 1_000_000),
    ...holds,
    arrivalCs2: variation('The variation of arrivals'),
  }),
  z.object({ kind: z.literal('callers'), callers: whole('Callers', labLimits.callers), ...holds }),
]);

const sizesError = `Choose 1 to ${labLimits.sizes} different sizes.`;

export const labRoutes = {
  /**
   * Checks sizes one after the other, each with a scratch pool of its own under this traffic, whose holds
   * are `pg_sleep`. Progress as `lab.progress`; cancel the request to stop it. One run at a time. A run that
   * ends early answers with what it has and its `trouble`; what is refused before anything is
   * opened comes as an error: `pool_closed`, `not_supported`, `too_many_connections`.
   */
  'lab.run': route<LabReport>()(
    z.object({
      runId: z.string().check(z.minLength(1), z.maxLength(64)),
      profileId: profileIdSchema,
      traffic,
      sizes: z.array(whole('A size', 1000)).check(
        z.minLength(1, { error: sizesError }),
        z.maxLength(labLimits.sizes, { error: sizesError }),
        z.refine((sizes) => new Set(sizes).size === sizes.length, { error: sizesError }),
      ),
      /** Measured for each size. */
      seconds: z.literal(labSeconds, { error: 'Measure each size for 10, 30 or 60 seconds.' }),
    }),
    { afterCancel: 'Its connections are closed within two seconds.' },
  ),
};

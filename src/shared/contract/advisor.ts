import * as z from 'zod/mini';
import { type Advice, type AdviceInputs, adviceInputsSchema } from '../model/advice.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import { timeRangeSchema } from './history.ts';

/** Read minute by minute; more of them would say nothing else. */
const longestDays = 31;

export const advisorRoutes = {
  /**
   * What the history of a range says of a pool's size. Of an open pool whose range reaches to now, the
   * sessions of its server are read as well, to name whoever holds it up.
   */
  'advisor.advise': route<Advice>()(
    timeRangeSchema.check(
      z.refine((range) => range.toMs - range.fromMs <= longestDays * 86_400_000, {
        path: ['fromMs'],
        error: `Advice reads at most ${longestDays} days at once; choose a shorter range.`,
      }),
    ),
  ),
  'advisor.inputs': route<AdviceInputs>()(z.object({ profileId: profileIdSchema })),
  /** Remembers what only the user knows. */
  'advisor.setInputs': route<AdviceInputs>()(
    z.object({ profileId: profileIdSchema, inputs: adviceInputsSchema }),
  ),
};

import * as z from 'zod/mini';
import type { MachineSample } from '../model/machine.ts';
import { route } from './define.ts';

const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));

export const machineRoutes = {
  /**
   * What the machine did, oldest first: each 5 s of the last hour, each minute of the day before
   * it, as far as Poolscope has run.
   */
  'machine.history': route<MachineSample[]>()(z.object({ fromMs: timeMs, toMs: timeMs })),
};

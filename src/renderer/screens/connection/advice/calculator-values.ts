import type { Advice } from '#shared/model/advice.ts';
import { classicSize, coresSize } from '#shared/model/sizing/formulas.ts';
import { predictWait, smallestSize } from '#shared/model/sizing/queue.ts';
import { formatDuration } from '../../../charts/formats.ts';
import { checkedNumber, type Typed } from './number-values.ts';

const names = [
  'requestsPerS',
  'queryMs',
  'targetPercent',
  'cores',
  'spindles',
  'targetWaitMs',
  'holdCs2',
  'arrivalCs2',
] as const;
export type CalculatorField = (typeof names)[number];
export type CalculatorValues = Record<CalculatorField, Typed>;

export const calculatorFields: Record<
  CalculatorField,
  { label: string; min: number; max: number; whole?: boolean }
> = {
  requestsPerS: { label: 'Concurrent requests (per second)', min: 0.001, max: 1_000_000 },
  queryMs: { label: 'Average query time (ms)', min: 0.001, max: 3_600_000 },
  targetPercent: { label: 'Target utilization (%)', min: 1, max: 100 },
  cores: { label: 'Cores of the server', min: 1, max: 4096, whole: true },
  spindles: { label: 'Effective spindles', min: 0, max: 1000, whole: true },
  targetWaitMs: { label: 'Target wait p95 (ms)', min: 0, max: 3_600_000 },
  holdCs2: { label: 'Variation of holds Cs²', min: 0, max: 1000 },
  arrivalCs2: { label: 'Variation of arrivals Ca²', min: 0, max: 1000 },
};

const rounded = (value: number): number => Number(value.toPrecision(3));

/** From what was measured where that is known; else what a newcomer would start from. */
export function measuredValues({ demand, inputs, cores }: Advice): CalculatorValues {
  return {
    requestsPerS: demand === null ? 100 : rounded(demand.arrivalsPerS),
    queryMs: demand === null ? 50 : rounded(demand.holdMs),
    targetPercent: 80,
    cores: cores?.count ?? '',
    spindles: 1,
    targetWaitMs: inputs.targetWaitMs,
    holdCs2: demand === null ? 1 : rounded(demand.holdCs2),
    arrivalCs2: rounded(demand?.arrivalCs2 ?? 1),
  };
}

interface Outcome {
  /** Null where an input is missing or no size will do. */
  size: number | null;
  /** Said in its place, or beside it. */
  note: string;
}

export interface Calculated {
  classic: Outcome;
  cores: Outcome;
  model: Outcome;
  errors: Partial<Record<CalculatorField, string>>;
}

const mend: Outcome = { size: null, note: 'Mend the figures marked above.' };

/** The three formulas over what is typed; a sentence for each box that holds no number that will do. */
export function calculate(values: CalculatorValues): Calculated {
  const errors: Calculated['errors'] = {};
  const numbers: Partial<Record<CalculatorField, number>> = {};
  for (const name of names) {
    // Nobody need know the cores to use the other two.
    if (name === 'cores' && values.cores === '') continue;
    const checked = checkedNumber(values[name], calculatorFields[name].label, calculatorFields[name]);
    if (typeof checked === 'string') errors[name] = checked;
    else numbers[name] = checked;
  }
  const { requestsPerS, queryMs, targetPercent, cores, spindles, targetWaitMs, holdCs2, arrivalCs2 } =
    numbers;
  const hasLoad = requestsPerS !== undefined && queryMs !== undefined;
  return {
    errors,
    classic:
      hasLoad && targetPercent !== undefined
        ? { size: classicSize(requestsPerS, queryMs, targetPercent / 100), note: '' }
        : mend,
    cores:
      values.cores === ''
        ? { size: null, note: 'Enter the cores of the server.' }
        : cores !== undefined && spindles !== undefined
          ? { size: coresSize(cores, spindles), note: '' }
          : mend,
    model:
      hasLoad && targetWaitMs !== undefined && holdCs2 !== undefined && arrivalCs2 !== undefined
        ? byModel({ arrivalsPerS: requestsPerS, holdMs: queryMs, holdCs2, arrivalCs2 }, targetWaitMs)
        : mend,
  };
}

function byModel(traffic: Parameters<typeof predictWait>[0], targetWaitMs: number): Outcome {
  const size = smallestSize(traffic, targetWaitMs);
  if (size === null) return { size, note: 'No pool of up to 1,000 would do.' };
  return { size, note: `Wait p95 ${formatDuration(predictWait(traffic, size).waitP95Ms ?? 0)}.` };
}

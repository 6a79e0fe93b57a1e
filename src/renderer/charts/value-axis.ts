/** Round numbers an axis may step by, within a decade. */
const roundSteps = [1, 2, 2.5, 5, 10];
const intervals = 4;

/** The round step that takes at most four intervals from 0 to `max`. */
function stepFor(max: number, wholeNumbers: boolean): number {
  const rough = max / intervals;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * (roundSteps.find((round) => round * decade >= rough * (1 - 1e-9)) ?? 10);
  return wholeNumbers ? Math.max(1, Math.ceil(step)) : step;
}

/** A value axis that starts at 0. */
export interface ValueAxis {
  top: number;
  ticks: number[];
}

/** The axis on which `max` fits. `least` is what the top shows when there is little or nothing. */
export function valueAxis(max: number, options: { least: number; wholeNumbers: boolean }): ValueAxis {
  const shown = Math.max(max, options.least);
  const step = stepFor(shown, options.wholeNumbers);
  const count = Math.max(1, Math.ceil(shown / step - 1e-9));
  const ticks = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  return { top: ticks[count] ?? step, ticks };
}

/**
 * The axis to show next. Grows at once; shrinks only when the values would fill less than 80 % of
 * the smaller axis, so that a value dancing about a round number does not shake the chart.
 */
export function nextValueAxis(
  current: ValueAxis | null,
  max: number,
  options: { least: number; wholeNumbers: boolean },
): ValueAxis {
  const fitting = valueAxis(max, options);
  if (current === null || fitting.top > current.top) return fitting;
  if (fitting.top === current.top) return current;
  const restful = valueAxis(max / 0.8, options);
  return restful.top < current.top ? restful : current;
}

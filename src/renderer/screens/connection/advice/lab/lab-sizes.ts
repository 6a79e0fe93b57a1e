import type { Advice } from '#shared/model/advice.ts';
import { labLimits } from '#shared/model/lab.ts';

/** The present size and the recommended one; where none is recommended, what the load asks for. */
export function sizesAtFirst({ settings, recommended, needed, predictions }: Advice): number[] {
  const wanted = [settings.max, recommended?.max ?? needed ?? settings.max];
  return predictions.map(({ size }) => size).filter((size) => wanted.includes(size));
}

/** With a size added or taken away, smallest first. */
export const toggled = (sizes: readonly number[], size: number): number[] =>
  sizes.includes(size)
    ? sizes.filter((one) => one !== size)
    : [...sizes, size].slice(0, labLimits.sizes).sort((a, b) => a - b);

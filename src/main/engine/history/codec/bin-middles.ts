/**
 * The middle of each histogram bin in whole microseconds, as a guess that stored values are told
 * apart from. By multiplication alone: `**` may differ in the last bit from one engine to the
 * next, and a guess that changed would change what is read back.
 */
const growth = 1.05;
const lowest = -160;
const highest = 1000;

const middles = new Float64Array(highest - lowest + 1);
for (
  let index = 0, up = 1000 / Math.sqrt(growth);
  index <= highest && up < 2 ** 50;
  index += 1, up *= growth
) {
  middles[index - lowest] = Math.round(up);
}
for (let index = -1, down = 1000 / Math.sqrt(growth) / growth; index >= lowest; index -= 1, down /= growth) {
  middles[index - lowest] = Math.round(down);
}

/** 0 for an index no duration has; then the guess is merely a bad one. */
export const binMiddleUs = (index: number): number => middles[index - lowest] ?? 0;

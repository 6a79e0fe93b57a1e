/** Below this values are taken for all the same. */
const constantCs2 = 0.001;

/**
 * Draws with mean 1 and the squared coefficient of variation wanted: gamma distributed with shape 1/Cs², which
 * is exponential at 1; always 1 near 0. By Marsaglia and Tsang (2000), "A simple method for generating gamma
 * variables"; shapes below 1 by their section 6.
 */
export function gammaDraw(cs2: number, random: () => number): () => number {
  if (cs2 < constantCs2) return () => 1;
  const shape = 1 / cs2;
  const raised = shape < 1 ? shape + 1 : shape;
  const d = raised - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  const uniform = () => 1 - random();
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * random());
  return () => {
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v <= 0 || Math.log(uniform()) >= 0.5 * x * x + d - d * v + d * Math.log(v)) continue;
      return (d * v * (shape < 1 ? uniform() ** (1 / shape) : 1)) / shape;
    }
  };
}

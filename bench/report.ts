type Bar = { atLeast: number } | { atMost: number };

/** One figure of a benchmark: measured, and where a bar is set, how it must stand to it. */
export interface Figure {
  measured: number;
  /** Decimals that mean something; 0 unless told. */
  digits?: number;
  /** Absent from a figure that only explains the others. */
  bar?: Bar;
}

/**
 * Prints every figure with its bar and whether it was met: one JSON object when the program was
 * started with `--json`, else a table. A bar that is missed makes the program exit with 1.
 */
export function report(figures: Record<string, Figure>): void {
  const judged = Object.entries(figures).map(([name, { measured, digits = 0, bar = null }]) => {
    // Judged as it is printed, so that no row contradicts itself.
    const shown = Number(measured.toFixed(digits));
    return { name, measured: shown, bar, passed: bar === null ? null : meets(shown, bar) };
  });
  const passed = judged.every((figure) => figure.passed !== false);
  if (process.argv.includes('--json')) {
    const byName = judged.map(({ name, ...figure }) => [name, figure]);
    console.log(JSON.stringify({ passed, figures: Object.fromEntries(byName) }));
  } else {
    const rows = judged.map((figure) => [
      figure.name,
      {
        measured: figure.measured,
        bar: figure.bar === null ? '' : inWords(figure.bar),
        passed: figure.passed === null ? '' : figure.passed ? 'yes' : 'NO',
      },
    ]);
    console.table(Object.fromEntries(rows));
  }
  if (!passed) process.exitCode = 1;
}

/** False for NaN: what could not be measured has not passed. */
const meets = (value: number, bar: Bar): boolean =>
  'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;

const inWords = (bar: Bar): string =>
  'atLeast' in bar ? `at least ${bar.atLeast}` : `at most ${bar.atMost}`;

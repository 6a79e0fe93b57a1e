/** One figure of a benchmark: measured, and where a bar is set, how it must stand to it. */
export interface Figure {
  measured: number;
  /** Decimals that mean something; 0 unless told. */
  digits?: number;
  atLeast?: number;
  atMost?: number;
}

interface ReportedFigure {
  measured: number;
  /** In words, "at most 100"; null for a figure that only explains the others. */
  bar: string | null;
  /** Null where there is no bar. */
  passed: boolean | null;
}

/**
 * Prints every figure with its bar and whether it was met: one JSON object when the program was
 * started with `--json`, else a table. A bar that is missed makes the program exit with 1.
 */
export function report(figures: Record<string, Figure>): void {
  const reported = Object.entries(figures).map(([name, figure]) => [name, judged(figure)] as const);
  const passed = reported.every(([, figure]) => figure.passed !== false);
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ passed, figures: Object.fromEntries(reported) }));
  } else {
    const rows = reported.map(([name, figure]) => [
      name,
      { measured: figure.measured, bar: figure.bar ?? '', passed: verdict(figure) },
    ]);
    console.table(Object.fromEntries(rows));
  }
  if (!passed) process.exitCode = 1;
}

/** Judged as it is printed, so that a row never contradicts itself; what could not be measured has not passed. */
function judged({ measured, digits = 0, atLeast, atMost }: Figure): ReportedFigure {
  const shown = Number(measured.toFixed(digits));
  if (atLeast !== undefined) return { measured: shown, bar: `at least ${atLeast}`, passed: shown >= atLeast };
  if (atMost !== undefined) return { measured: shown, bar: `at most ${atMost}`, passed: shown <= atMost };
  return { measured: shown, bar: null, passed: null };
}

const verdict = ({ passed }: ReportedFigure): string => (passed === null ? '' : passed ? 'yes' : 'NO');

import { Button } from '@mantine/core';
import { useState } from 'react';
import { engineNowMs } from '../data/engine-clock.ts';
import { fromPickerValue, toPickerValue } from '../time/clock.ts';
import { MomentInput } from '../time/moment-input.tsx';
import type { Zone } from '../time/zone.ts';
import { spanProblem } from './parse-range.ts';
import classes from './range.module.css';
import { boundsOf, type Range } from './range.ts';

interface Props {
  range: Range;
  zone: Zone;
  onChoose(range: Range): void;
}

/** Two times to the second; starts with the range shown. */
export function RangePickers({ range, zone, onChoose }: Props) {
  const [values, setValues] = useState(() => {
    const { fromMs, toMs } = boundsOf(range, engineNowMs());
    return { from: toPickerValue(fromMs, zone), to: toPickerValue(toMs, zone) };
  });
  const [problem, setProblem] = useState<string | null>(null);
  const change = (part: Partial<typeof values>) => {
    setValues((before) => ({ ...before, ...part }));
    setProblem(null);
  };

  const submit = () => {
    const nowMs = engineNowMs();
    const fromMs = fromPickerValue(values.from, zone);
    const toMs = fromPickerValue(values.to, zone);
    if (fromMs === null || toMs === null) {
      setProblem(`Set the ${fromMs === null ? 'start' : 'end'} to a day and a time.`);
      return;
    }
    const sentence = spanProblem({ fromMs, toMs }, { nowMs, zone });
    setProblem(sentence);
    if (sentence === null) onChoose({ kind: 'fixed', fromMs, toMs });
  };

  return (
    <form
      className={classes.pickers}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <MomentInput
        label="From"
        zone={zone}
        value={values.from}
        max={toPickerValue(engineNowMs(), zone)}
        invalid={problem !== null}
        onChange={(from) => change({ from })}
      />
      <MomentInput
        label="To"
        zone={zone}
        value={values.to}
        invalid={problem !== null}
        onChange={(to) => change({ to })}
      />
      <Button type="submit" variant="default">
        Show
      </Button>
      {problem !== null && (
        <p role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
    </form>
  );
}

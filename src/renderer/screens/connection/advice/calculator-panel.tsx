import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import type { Advice } from '#shared/model/advice.ts';
import { Panel } from '../../../kit/panel.tsx';
import classes from './advice.module.css';
import {
  type CalculatorField,
  type CalculatorValues,
  calculate,
  calculatorFields,
  measuredValues,
} from './calculator-values.ts';

interface Method {
  name: 'classic' | 'cores' | 'model';
  title: string;
  formula: string;
  holds: string;
}

const methods: readonly Method[] = [
  {
    name: 'classic',
    title: 'Classic formula',
    formula: 'concurrent requests × average query time ÷ target utilization',
    holds:
      'Holds for steady load, when “concurrent” means requests that arrive within one second. It knows no queue: how long anyone waits is not part of it.',
  },
  {
    name: 'cores',
    title: 'HikariCP’s cores formula',
    formula: 'cores × 2 + effective spindles',
    holds:
      'Holds for a whole server whose work is CPU and disk: all pools of all instances together. Spindles are 0 where the data is cached.',
  },
  {
    name: 'model',
    title: 'Queueing model',
    formula:
      'smallest pool with Erlang C wait × (Ca² + Cs²)/2, more for even holds, within the target, utilization at most 80 %',
    holds:
      'Holds where callers do not wait for each other and holds do not get longer as more run at once; good to a fifth from 60 % utilization on.',
  },
];

/** Three ways to a pool's size side by side, over figures that start as measured. */
export function CalculatorPanel({ advice }: { advice: Advice }) {
  const [edited, setEdited] = useState<Partial<CalculatorValues>>({});
  const values: CalculatorValues = { ...measuredValues(advice), ...edited };
  const calculated = calculate(values);
  const isEdited = Object.keys(edited).length > 0;
  return (
    <Panel
      title="Calculator"
      actions={
        <Button variant="default" disabled={!isEdited} onClick={() => setEdited({})}>
          {advice.demand === null ? 'As at first' : 'As measured'}
        </Button>
      }
    >
      <div className={classes.fields}>
        {(Object.keys(calculatorFields) as CalculatorField[]).map((name) => (
          <NumberInput
            key={name}
            label={calculatorFields[name].label}
            min={calculatorFields[name].min}
            clampBehavior="none"
            allowDecimal={calculatorFields[name].whole !== true}
            value={values[name]}
            error={calculated.errors[name]}
            onChange={(value) => setEdited({ ...edited, [name]: value })}
          />
        ))}
      </div>
      <div className={classes.columns}>
        {methods.map(({ name, title, formula, holds }) => {
          const { size, note } = calculated[name];
          return (
            <section key={name} aria-label={title} className={classes.method}>
              <h3 className={classes.subtitle}>{title}</h3>
              <p className={classes.result}>
                <output>{size === null ? '–' : size.toLocaleString('en-US')}</output>
                <span className={classes.dim}> {note}</span>
              </p>
              <p className={classes.formula}>{formula}</p>
              <p className={classes.dim}>{holds}</p>
            </section>
          );
        })}
      </div>
    </Panel>
  );
}

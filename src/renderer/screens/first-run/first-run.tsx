import { Button } from '@mantine/core';
import { CircleCheck, LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStartSample } from '../../data/sample-actions.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { go, hashOfPlace } from '../../navigation/place.ts';
import classes from './first-run.module.css';

/** The first thing a newcomer sees: one card, two ways on. */
export function FirstRun() {
  const sample = useStartSample();
  const starting = sample.status?.state === 'starting';
  return (
    <section className={classes.card} aria-labelledby="first-run-title">
      <h1 id="first-run-title" className={classes.title}>
        See what your PostgreSQL connection pools are doing
      </h1>
      <p>
        Poolscope opens a pool to a database of yours and shows, second by second, who holds a connection, who
        waits for one, and for how long.
      </p>
      <div className={classes.buttons}>
        <Button size="sm" onClick={() => go({ screen: 'add' })}>
          Add a connection
        </Button>
        <Button
          size="sm"
          variant="default"
          disabled={sample.unavailable !== null}
          // Stays in the tab order, so that the focus is not lost while it starts.
          aria-disabled={starting}
          {...(starting && { 'data-disabled': true })}
          onClick={() => {
            if (!starting) sample.start();
          }}
        >
          Try it with a sample database
        </Button>
      </div>
      <p className={classes.dim}>
        {sample.unavailable ??
          'The sample is a PostgreSQL server of its own on this machine, reachable from nowhere else, with a gentle synthetic workload.'}
      </p>
      <p className={classes.dim}>
        Got an incident bundle from someone? Open it from{' '}
        <a href={hashOfPlace({ screen: 'history' })}>History</a>.
      </p>
      {starting && <StartSteps step={sample.status?.step ?? ''} />}
      {!starting && sample.error !== null && <ErrorNote error={sample.error} />}
    </section>
  );
}

/** The steps so far, ticked, and the one under way. */
function StartSteps({ step }: { step: string }) {
  const [steps, setSteps] = useState<string[]>([]);
  useEffect(() => {
    if (step !== '') setSteps((before) => (before.at(-1) === step ? before : [...before, step]));
  }, [step]);
  return (
    <ol className={classes.steps} aria-live="polite">
      {steps.map((text, index) => (
        <li key={text} className={classes.step} data-done={index < steps.length - 1 || undefined}>
          {index < steps.length - 1 ? (
            <CircleCheck size={16} aria-label="Done" />
          ) : (
            <LoaderCircle size={16} aria-label="Under way" />
          )}
          {text}
        </li>
      ))}
    </ol>
  );
}

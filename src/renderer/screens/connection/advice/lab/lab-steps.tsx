import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { Advice } from '#shared/model/advice.ts';
import { type LabSeconds, labIsLongEnough, labTrafficOf } from '#shared/model/lab.ts';
import { ErrorNote } from '../../../../kit/error-note.tsx';
import classes from './lab.module.css';
import { LabChoices } from './lab-choices.tsx';
import { LabProgressBar } from './lab-progress-bar.tsx';
import { LabResults } from './lab-results.tsx';
import { sizesAtFirst } from './lab-sizes.ts';
import { touchWords, trafficWords, whatIsNotShown } from './lab-words.ts';
import { useLab } from './use-lab.ts';

interface Props {
  profile: ProfileView;
  advice: Advice;
  /** Told whether a run is under way. */
  onRunning(running: boolean): void;
  onClose(): void;
}

/** Choose, run, read. The advice stays as it was when the dialog opened, whatever is measured meanwhile. */
export function LabSteps({ profile, advice: latest, onRunning, onClose }: Props) {
  const [advice] = useState(latest);
  const [sizes, setSizes] = useState(() => sizesAtFirst(advice));
  const [seconds, setSeconds] = useState<LabSeconds>(() =>
    latest.demand !== null && !labIsLongEnough(30, latest.demand.holdMs) ? 60 : 30,
  );
  const { state, start, cancel } = useLab();
  const running = state.kind === 'running';
  useEffect(() => {
    onRunning(running);
    return () => onRunning(false);
  }, [onRunning, running]);
  if (advice.demand === null) return null;
  const traffic = labTrafficOf(advice.demand);
  const { targetWaitMs } = advice.inputs;
  const count = sizes.length === 1 ? '1 size' : `${sizes.length} sizes`;
  return (
    <div className={classes.steps}>
      <p>{trafficWords(traffic)}</p>
      <LabChoices
        advice={advice}
        sizes={sizes}
        seconds={seconds}
        disabled={running}
        onSizes={setSizes}
        onSeconds={setSeconds}
      />
      <p className={classes.dim}>{whatIsNotShown}</p>
      {running && (
        <LabProgressBar
          progress={state.progress}
          sizes={sizes.length}
          seconds={seconds}
          holdMs={traffic.holdMs}
        />
      )}
      {state.kind === 'over' && state.isCancelled && (
        <p role="status">Cancelled; the connections of the Lab are being closed.</p>
      )}
      {state.kind === 'over' && state.trouble !== null && <ErrorNote error={state.trouble} />}
      <LabResults
        results={state.kind === 'over' ? state.results : running ? (state.progress?.results ?? []) : []}
        traffic={traffic}
        targetMs={targetWaitMs}
        isOver={state.kind === 'over'}
      />
      <div className={classes.foot}>
        {!running && (
          <p className={classes.touch}>
            {sizes.length === 0
              ? 'Choose at least one size.'
              : touchWords(sizes, seconds, traffic.holdMs, profile)}
          </p>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={running ? cancel : onClose}>
            {running ? 'Cancel the run' : 'Close'}
          </Button>
          <Button
            loading={running}
            disabled={sizes.length === 0}
            onClick={() => void start({ profileId: profile.profileId, traffic, sizes, seconds })}
          >
            {state.kind === 'over' ? 'Check again' : `Check ${count}`}
          </Button>
        </div>
      </div>
    </div>
  );
}

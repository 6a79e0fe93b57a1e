import { Button } from '@mantine/core';
import { Activity } from 'lucide-react';
import { useSampleDatabase } from '../../data/queries.ts';
import { useSetWorkload, useStopSample } from '../../data/sample-actions.ts';
import classes from './connection-header.module.css';

/** The synthetic load and the server of the sample database: said openly, and stopped in place. */
export function WorkloadSwitch({ poolOpen }: { poolOpen: boolean }) {
  const sample = useSampleDatabase().data;
  const setWorkload = useSetWorkload();
  const stop = useStopSample();
  if (sample === undefined || sample.state !== 'running') return null;
  const running = sample.workloadRunning;
  return (
    <p className={classes.workload}>
      <Activity size={14} aria-hidden />
      {running && poolOpen ? 'Synthetic workload running' : 'No synthetic workload'}
      {poolOpen && (
        <Button
          variant="subtle"
          size="compact-xs"
          loading={setWorkload.isPending}
          onClick={() => setWorkload.mutate(!running)}
        >
          {running ? 'Stop the workload' : 'Start the workload'}
        </Button>
      )}
      <Button variant="subtle" size="compact-xs" loading={stop.isPending} onClick={() => stop.mutate()}>
        Stop the sample server
      </Button>
    </p>
  );
}

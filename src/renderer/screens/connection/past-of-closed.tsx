import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { isChartAsked } from '../../charts/chart-to-show.ts';
import classes from './connection-screen.module.css';

/** A closed pool has a past all the same: what there is to say of it, and its history when asked for. */
export function PastOfClosed({ history, children }: { history: ReactNode; children: ReactNode }) {
  const [shown, setShown] = useState(() => isChartAsked());
  return (
    <>
      {children}
      {shown ? (
        <div className={classes.pastCharts}>{history}</div>
      ) : (
        <div className={classes.past}>
          <Button variant="default" onClick={() => setShown(true)}>
            Show its history
          </Button>
        </div>
      )}
    </>
  );
}

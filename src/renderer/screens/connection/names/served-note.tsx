import type { Served } from '#shared/contract/names.ts';
import { formatDuration } from '../../../charts/formats.ts';
import classes from './names.module.css';

/** "Waited 0.04 ms, took 1.2 ms, server process 4711": how an answer came about. */
export function ServedNote({ served, of }: { served: Served; of?: string }) {
  const { waitMs, queryMs, processId } = served;
  const words = `waited ${formatDuration(waitMs)}, took ${formatDuration(queryMs)}, server process ${processId}`;
  return (
    <span
      className={classes.served}
      title="Wait: from asking the pool to having a connection. Took: until the transaction ended. The process is the pool connection's on the server."
    >
      {of === undefined ? words.charAt(0).toUpperCase() + words.slice(1) : `${of}: ${words}`}
    </span>
  );
}

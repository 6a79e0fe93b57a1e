import { poolerNames } from '#shared/model/pooler.ts';
import { largestOf, sumOf } from '#shared/model/pooler-point.ts';
import { formatCount, formatDuration, noValue } from '../../charts/formats.ts';
import { usePoolers } from '../../data/queries.ts';
import { useLinkLost } from '../../data/use-link.ts';
import { usePoolerTick } from '../../live/pooler/latest-ticks.ts';
import classes from './overview.module.css';

/**
 * The figures of a pooler's console, under the heads of pools: it has no pool of its own, so its
 * clients stand where others have their use, and those in its queues where others have requests.
 */
export function ConsoleCells({ profileId, open }: { profileId: string; open: boolean }) {
  const latest = usePoolerTick(profileId);
  const pooler = usePoolers().data?.[profileId];
  const linkLost = useLinkLost();
  const tick = open && !linkLost ? latest : undefined;
  const pools = tick?.pools ?? [];
  const waiting = sumOf(pools, ({ clWaiting }) => clWaiting);
  const maxwaitMs = largestOf(pools, (pool) => pool.maxwaitMs);
  return (
    <>
      <td className={classes.sparkline}>
        {pooler === undefined ? 'Pooler' : `${poolerNames[pooler.product]} ${pooler.version}`}
      </td>
      <td className={classes.number}>
        {tick?.clients == null
          ? noValue
          : `${formatCount(tick.clients)} ${tick.clients === 1 ? 'client' : 'clients'}`}
      </td>
      <td className={classes.number} data-head="Pending" data-waiting={(waiting ?? 0) > 0 || undefined}>
        {waiting === null ? noValue : formatCount(waiting)}
      </td>
      <td className={classes.number} data-head="Wait" title="How long the client first in a queue has waited">
        {maxwaitMs === null || maxwaitMs === 0 ? noValue : `max ${formatDuration(maxwaitMs)}`}
      </td>
    </>
  );
}

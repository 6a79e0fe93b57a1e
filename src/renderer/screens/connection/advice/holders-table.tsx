import type { Holder } from '#shared/model/advice.ts';
import { noValue } from '../../../charts/formats.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { goToConnection } from '../../../navigation/place.ts';
import classes from './advice.module.css';
import { TableScroller } from './table-scroller.tsx';

/** Who holds the pool up: process, application, how long, and its last statement. */
export function HoldersTable({ holders, profileId }: { holders: readonly Holder[]; profileId: string }) {
  return (
    <TableScroller label="Table of who holds this pool up">
      <table className={classes.table} aria-label="Who holds this pool up">
        <thead>
          <tr>
            <th scope="col">Process</th>
            <th scope="col">Application</th>
            <th scope="col">User</th>
            <th scope="col">Doing</th>
            <th scope="col" className={classes.number}>
              For
            </th>
            <th scope="col" className={classes.number}>
              Holds up
            </th>
            <th scope="col">Last statement</th>
          </tr>
        </thead>
        <tbody>
          {holders.map((holder) => (
            <tr key={holder.pid ?? holder.gid}>
              <th scope="row">
                {holder.pid === null ? (
                  <bdi>{holder.gid ?? 'Prepared transaction'}</bdi>
                ) : (
                  <button
                    type="button"
                    className={classes.link}
                    title="Find it in the Sessions tab"
                    onClick={() => goToConnection(profileId, 'sessions')}
                  >
                    {holder.pid}
                  </button>
                )}
              </th>
              <td>
                <bdi>{holder.application ?? noValue}</bdi>
                {holder.isOwn && <span className={classes.dim}> (this pool)</span>}
              </td>
              <td>
                <bdi>{holder.user ?? noValue}</bdi>
              </td>
              <td>{holder.doing}</td>
              <td className={classes.number}>{holder.forMs === null ? noValue : formatAge(holder.forMs)}</td>
              <td className={classes.number}>{holder.holdsUp === 0 ? noValue : holder.holdsUp}</td>
              <td className={classes.statement}>
                <code>{holder.query ?? noValue}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroller>
  );
}

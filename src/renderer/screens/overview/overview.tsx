import { Button } from '@mantine/core';
import { FileText, Plus } from 'lucide-react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { closedPool, usePools } from '../../data/queries.ts';
import { useLinkLost } from '../../data/use-link.ts';
import { useHeldOrder } from '../../kit/use-held-order.ts';
import { useRowKeys } from '../../kit/use-row-keys.ts';
import { useLatestSamples } from '../../live/latest-samples.ts';
import { go } from '../../navigation/place.ts';
import classes from './overview.module.css';
import { OverviewTableRow } from './overview-row.tsx';
import { summaryOf } from './summary.ts';
import { type OverviewRow, overviewRow, worstFirst } from './worst-first.ts';

const idOf = (row: OverviewRow) => row.profile.profileId;

/** Every connection at a glance, what is wrong first. */
export function Overview({ profiles }: { profiles: ProfileView[] }) {
  const pools = usePools();
  const latest = useLatestSamples();
  const linkLost = useLinkLost();
  const rows = profiles.map((profile) => {
    const { profileId } = profile;
    return overviewRow(profile, pools.data?.[profileId] ?? closedPool(profileId), latest.get(profileId));
  });
  const signature = rows.map((row) => `${idOf(row)}:${row.view}`).join();
  const { ordered, holdProps } = useHeldOrder({ rows, idOf, compare: worstFirst, signature });
  const { onKeyDown, rowProps } = useRowKeys(ordered.map(idOf), null);

  return (
    <section className={classes.page} aria-labelledby="overview-title">
      <div className={classes.head}>
        <h1 id="overview-title" className={classes.title}>
          Overview
        </h1>
        <p className={classes.summary}>{linkLost ? 'As it last was' : summaryOf(rows)}</p>
        <Button
          variant="default"
          leftSection={<FileText size={14} aria-hidden />}
          onClick={() => go({ screen: 'report' })}
        >
          Report…
        </Button>
        <Button
          className={classes.add}
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => go({ screen: 'add' })}
        >
          Add a connection
        </Button>
      </div>
      <div className={classes.scroller}>
        <table
          className={classes.table}
          aria-label="Connections, worst first"
          onKeyDown={onKeyDown}
          {...holdProps}
        >
          <thead>
            <tr>
              <th scope="col">Connection</th>
              <th scope="col">Status</th>
              <th scope="col" className={classes.sparkline}>
                Used, last minute
              </th>
              <th scope="col" className={classes.number}>
                Used / max
              </th>
              <th scope="col" className={classes.number}>
                Pending
              </th>
              <th scope="col" className={classes.number}>
                Wait p95
              </th>
              <th scope="col" className={classes.number}>
                Round trip
              </th>
            </tr>
          </thead>
          <tbody>
            {ordered.map((row) => (
              <OverviewTableRow key={idOf(row)} row={row} rowProps={rowProps(idOf(row))} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

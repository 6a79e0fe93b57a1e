import { memo } from 'react';
import { UtilizationBar } from '../../../kit/utilization-bar.tsx';
import { pauses, usePoolActivity } from '../../../live/latest-samples.ts';
import { useZone } from '../../../time/use-zone.ts';
import classes from './live-tab.module.css';
import { statValues } from './stat-values.ts';

/** The pool now, as six figures. While paused they stand still, as the charts do. */
export function StatTiles({ profileId, paused }: { profileId: string; paused: boolean }) {
  const activity = usePoolActivity(profileId);
  const zone = useZone();
  const shown = paused ? pauses.activityOf(profileId) : activity;
  const latest = shown?.latest;
  return (
    <dl className={classes.tiles}>
      {statValues(shown, zone).map((stat, i) => (
        <Tile key={stat.label} {...stat} used={i === 0 ? latest?.used : undefined} max={latest?.max} />
      ))}
    </dl>
  );
}

interface TileProps {
  label: string;
  value: string;
  note: string;
  alarming: boolean;
  /** Draws a bar of used over max. */
  used: number | undefined;
  max: number | undefined;
}

const Tile = memo(function Tile({ label, value, note, alarming, used, max }: TileProps) {
  return (
    <div className={classes.tile}>
      <dt className={classes.tileLabel}>{label}</dt>
      <dd className={classes.tileValue} data-alarming={alarming || undefined}>
        {value}
      </dd>
      <dd className={classes.tileNote}>{note}</dd>
      {used !== undefined && max !== undefined && (
        <dd className={classes.tileBar}>
          <UtilizationBar used={used} max={max} />
        </dd>
      )}
    </div>
  );
});

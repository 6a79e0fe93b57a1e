import classes from './utilization-bar.module.css';

/** Used over max as a tiny bar; turns to the pending colour when full. The figures stand beside it. */
export function UtilizationBar({ used, max }: { used: number; max: number }) {
  const share = max > 0 ? Math.min(1, used / max) : 0;
  return (
    <span className={classes.track} data-full={share >= 1 || undefined} aria-hidden>
      <span className={classes.fill} style={{ width: `${share * 100}%` }} />
    </span>
  );
}

import { BellRing, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { AlertCounts } from '#shared/model/alert.ts';
import type { AlertSeverity } from '#shared/model/alert-rule.ts';
import { countsInWords } from './alert-lists.ts';
import { severityWords } from './alert-words.ts';
import classes from './alerts.module.css';

const icons = { critical: OctagonAlert, warning: TriangleAlert } as const;

/** How bad it is, as icon and word in its colour; the colour alone never carries the meaning. */
export function SeverityBadge({ severity, over = false }: { severity: AlertSeverity; over?: boolean }) {
  const Icon = icons[severity];
  return (
    <span className={classes.severity} data-severity={over ? 'over' : severity}>
      <Icon size={14} aria-hidden />
      {severityWords[severity]}
    </span>
  );
}

interface MarkProps {
  counts: AlertCounts;
  /** Whose they are, for the words: " of Orders". */
  of?: string;
}

/** A small mark with the number of alerts that are firing, in the colour of the worst; nothing when none is. */
export function AlertMark({ counts, of = '' }: MarkProps) {
  const { critical, warning } = counts;
  const count = critical + warning;
  if (count === 0) return null;
  const severity = critical > 0 ? 'critical' : 'warning';
  const Icon = icons[severity];
  const words = `Alerts${of}: ${countsInWords(counts)}`;
  return (
    <span className={classes.mark} data-severity={severity} title={words}>
      <Icon size={12} aria-hidden />
      <span aria-hidden>{count}</span>
      <span className={classes.hidden}>{words}</span>
    </span>
  );
}

/** "2 critical" with its icon and how many others there are; what a navigation entry shows behind its name. */
export function AlertCountBadges({ counts }: { counts: AlertCounts }) {
  const { critical, warning, acknowledged, snoozed } = counts;
  const quiet = acknowledged + snoozed;
  if (critical + warning + quiet === 0) return null;
  const words = countsInWords(counts);
  if (critical + warning === 0) {
    return (
      <span className={classes.counts} title={words}>
        <span className={classes.mark} data-severity="quiet">
          <BellRing size={12} aria-hidden />
          {quiet} open
        </span>
      </span>
    );
  }
  const severity = critical > 0 ? 'critical' : 'warning';
  const Icon = icons[severity];
  const others = critical > 0 ? warning : 0;
  return (
    <span className={classes.counts} title={words}>
      <span className={classes.mark} data-severity={severity}>
        <Icon size={12} aria-hidden />
        {critical > 0 ? `${critical} critical` : `${warning} ${warning === 1 ? 'warning' : 'warnings'}`}
      </span>
      {others > 0 && (
        <span className={classes.mark} data-severity="warning">
          <span aria-hidden>+{others}</span>
          <span className={classes.hidden}>
            {others} {others === 1 ? 'warning' : 'warnings'}
          </span>
        </span>
      )}
    </span>
  );
}

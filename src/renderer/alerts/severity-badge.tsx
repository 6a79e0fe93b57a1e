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

/** "2 critical", "1 warning" with their icons; what a navigation entry shows behind its name. */
export function AlertCountBadges({ counts }: { counts: AlertCounts }) {
  const { critical, warning, acknowledged, snoozed } = counts;
  const quiet = acknowledged + snoozed;
  return (
    <span className={classes.counts}>
      {critical > 0 && (
        <span className={classes.mark} data-severity="critical">
          <OctagonAlert size={12} aria-hidden />
          {critical} critical
        </span>
      )}
      {warning > 0 && (
        <span className={classes.mark} data-severity="warning">
          <TriangleAlert size={12} aria-hidden />
          {warning} {warning === 1 ? 'warning' : 'warnings'}
        </span>
      )}
      {critical + warning === 0 && quiet > 0 && (
        <span className={classes.mark} data-severity="quiet">
          <BellRing size={12} aria-hidden />
          {quiet} open
        </span>
      )}
    </span>
  );
}

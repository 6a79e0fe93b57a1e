import type { Alert, AlertEnding } from '#shared/model/alert.ts';
import { alertKindInfo } from '#shared/model/alert-kinds.ts';
import type { AlertSeverity } from '#shared/model/alert-rule.ts';
import { formatFigure } from './alert-figures.ts';

export const severityWords: Record<AlertSeverity, string> = { critical: 'Critical', warning: 'Warning' };

const endings: Record<AlertEnding, string> = {
  recovered: 'it recovered',
  connectionClosed: 'the connection was closed',
  ruleChanged: 'its rule was changed',
  quit: 'Poolscope was quit',
};

/** Why an alert is over, after its time: "it recovered". */
export const endingWords = (ending: AlertEnding | null): string => (ending === null ? '' : endings[ending]);

const comparisonWords = { over: 'fires over', atLeast: 'fires at', under: 'fires under' } as const;

/** "now 96 %, worst 100 %, fires at 80 %"; empty for a plain yes or no. */
export function figuresInWords(alert: Alert): string {
  const { kind, lastValue, worstValue, threshold, state, unknownSinceMs } = alert;
  const { unit, comparison } = alertKindInfo[kind];
  if (unit === 'none') return '';
  const parts: string[] = [];
  if (state !== 'resolved') {
    parts.push(
      unknownSinceMs === null ? `now ${formatFigure(kind, lastValue)}` : 'the figure is not known now',
    );
  }
  parts.push(
    `worst ${formatFigure(kind, worstValue)}`,
    `${comparisonWords[comparison]} ${formatFigure(kind, threshold)}`,
  );
  return parts.join(', ');
}

import { memo, useMemo } from 'react';
import type { SessionFilter } from '#shared/model/sessions/filter.ts';
import { idleInTransactionMs, type SessionState } from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { formatCount, noValue } from '../../../charts/formats.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { UtilizationBar } from '../../../kit/utilization-bar.tsx';
import { countStates, noFilter, type ShownFilter, suggestionsOf } from './session-filter.ts';
import classes from './sessions.module.css';

interface Props {
  list: SessionList | null;
  /** What the table is narrowed down to. */
  filter: SessionFilter;
  onFilter(shown: ShownFilter): void;
  onBlocking(): void;
}

function Figures({ list, filter: chosen, onFilter, onBlocking }: Props) {
  const figures = useMemo(() => (list === null ? null : figuresOf(list)), [list]);
  const suggestions = useMemo(
    () => (list === null ? [] : suggestionsOf(list.sessions.values(), list.sample.serverNowMs)),
    [list],
  );
  const filterBy = (filter: SessionFilter) => onFilter({ ...noFilter, filter });
  const byStates = (...states: SessionState[]) => filterBy({ states });
  const isChosen = (filter: SessionFilter) => JSON.stringify(chosen) === JSON.stringify(filter);
  const limits = list?.sample.limits;
  // Any of them may be in any state: what is counted is the least there can be.
  const hidden = figures?.states.unknown ?? 0;
  return (
    <div>
      <div className={classes.figures}>
        <div className={classes.figure}>
          <span className={classes.label}>Sessions of usable slots</span>
          <span
            className={classes.value}
            data-alarming={(limits !== undefined && limits.left <= 0) || undefined}
          >
            {limits === undefined ? noValue : `${formatCount(limits.taken)} / ${formatCount(limits.usable)}`}
          </span>
          <span className={classes.note}>
            {limits === undefined ? '' : leftInWords(limits.left, limits.maxConnections - limits.usable)}
          </span>
          <span className={classes.bar}>
            {limits !== undefined && <UtilizationBar used={limits.taken} max={limits.usable} />}
          </span>
        </div>
        <Figure
          label="Active"
          hidden={hidden}
          value={figures?.states.active}
          note=""
          onClick={() => byStates('active')}
        />
        <Figure
          label="Idle"
          hidden={hidden}
          value={figures?.states.idle}
          note=""
          onClick={() => byStates('idle')}
        />
        <Figure
          label="Idle in transaction"
          hidden={hidden}
          value={figures?.idleInTransaction}
          note={figures?.oldestIdleMs == null ? '' : `oldest ${formatAge(figures.oldestIdleMs)}`}
          alarming={(figures?.oldestIdleMs ?? 0) >= 60_000}
          onClick={() => byStates('idleInTransaction', 'idleInTransactionAborted')}
        />
        <Figure
          label="Waiting for a lock"
          hidden={hidden}
          value={figures?.blocked}
          note={figures?.longestBlockedMs == null ? '' : `longest ${formatAge(figures.longestBlockedMs)}`}
          alarming={(figures?.blocked ?? 0) > 0}
          onClick={onBlocking}
        />
        <Figure
          label="State unknown"
          value={figures?.states.unknown}
          note={figures !== null && figures.states.unknown > 0 ? 'hidden from this role' : ''}
          onClick={() => byStates('unknown')}
        />
      </div>
      <section className={classes.suggestions} aria-label="Suggested filters">
        {suggestions.length === 0 && figures !== null && (
          <p className={classes.dim}>
            {hidden === 0
              ? 'Nobody is idle in a transaction for over a minute.'
              : 'Whether the sessions of unknown state are idle in a transaction cannot be seen.'}
          </p>
        )}
        {suggestions.map(({ label, filter }) => (
          <button
            key={label}
            type="button"
            className={classes.chip}
            aria-pressed={isChosen(filter)}
            onClick={() => (isChosen(filter) ? onFilter(noFilter) : filterBy(filter))}
          >
            {label}
          </button>
        ))}
      </section>
    </div>
  );
}

interface FigureProps {
  label: string;
  value: number | undefined;
  /** How many sessions might count as well, but are out of sight. */
  hidden?: number;
  note: string;
  alarming?: boolean;
  onClick(): void;
}

function Figure({ label, value, hidden = 0, note, alarming = false, onClick }: FigureProps) {
  return (
    <button type="button" className={classes.figure} disabled={!value} onClick={onClick}>
      <span className={classes.label}>{label}</span>
      <span className={classes.value} data-alarming={alarming || undefined}>
        {value === undefined ? noValue : countInWords(value, hidden)}
      </span>
      <span className={classes.note}>{note}</span>
    </button>
  );
}

/** The server now, in six figures; each but the first leads to the sessions it counts. */
export const SessionFigures = memo(Figures);

/** "12", "≥ 12" when more may be out of sight, "unknown" when nothing of it can be seen. */
export function countInWords(count: number, hidden: number): string {
  if (hidden === 0) return formatCount(count);
  return count === 0 ? 'unknown' : `≥ ${formatCount(count)}`;
}

function leftInWords(left: number, reserved: number): string {
  const kept = reserved > 0 ? `, ${formatCount(reserved)} more reserved` : '';
  if (left < 0) return `${formatCount(-left)} of the reserved slots in use`;
  return `${formatCount(left)} left${kept}`;
}

function figuresOf({ sessions, sample }: SessionList) {
  const states = countStates(sessions.values());
  const { serverNowMs } = sample;
  let oldestIdleMs: number | null = null;
  for (const session of sessions.values()) {
    const ageMs = session.kind === 'client' ? idleInTransactionMs(session, serverNowMs) : null;
    if (ageMs !== null && ageMs > (oldestIdleMs ?? -1)) oldestIdleMs = ageMs;
  }
  const { blocked, notLookedAt } = sample.blocking;
  const waits = blocked.flatMap(({ sinceMs }) => (sinceMs === null ? [] : [serverNowMs - sinceMs]));
  return {
    states,
    oldestIdleMs,
    idleInTransaction: states.idleInTransaction + states.idleInTransactionAborted,
    blocked: blocked.length + notLookedAt,
    longestBlockedMs: waits.length === 0 ? null : Math.max(...waits),
  };
}

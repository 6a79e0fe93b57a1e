import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Evidence } from './evidence.ts';
import { type Minute, minuteMs } from './minutes.ts';
import type { Trouble } from './trouble.ts';
import { counted, inWords } from './words.ts';

const longIdleMs = 10_000;
const longBlockedMs = 2000;

/** Sessions waited for locks somewhere on the server in that minute. */
const isBlocked = ({ blocked, blockedMs }: SessionsPoint): boolean =>
  (blocked ?? 0) > 0 && (blockedMs ?? 0) >= longBlockedMs;

const isIdle = ({ idleInTransactionMs }: SessionsPoint): boolean => (idleInTransactionMs ?? 0) >= longIdleMs;

/** Starts of the minutes that hold a point of a kind. */
const minutesWith = (
  points: readonly SessionsPoint[],
  kind: (point: SessionsPoint) => boolean,
): Set<number> => new Set(points.filter(kind).map(({ atMs }) => Math.floor(atMs / minuteMs) * minuteMs));

/** Minutes that say something of size: without those in which sessions of the server waited for locks. */
export function withoutLocks(minutes: readonly Minute[], points: readonly SessionsPoint[]): Minute[] {
  const blocked = minutesWith(points, isBlocked);
  return minutes.filter(({ startMs }) => !blocked.has(startMs));
}

/**
 * Of a time that is over: most minutes in which requests waited too long were minutes in which the
 * server's sessions lay idle in transactions or waited for locks. Whose they were was not recorded.
 */
export function pastTrouble({ measured, points, inputs }: Evidence): Trouble | null {
  const waiting = measured.minutes.filter(
    ({ waitP95Ms, timeouts }) => (waitP95Ms ?? 0) > inputs.targetWaitMs || timeouts > 0,
  );
  const [withBlocked, withIdle] = [minutesWith(points, isBlocked), minutesWith(points, isIdle)];
  const blocked = waiting.filter(({ startMs }) => withBlocked.has(startMs));
  const idle = waiting.filter(({ startMs }) => withIdle.has(startMs));
  const most = Math.max(blocked.length, idle.length);
  if (most === 0 || most * 2 < waiting.length) return null;
  const isIdleKind = idle.length >= blocked.length;
  const longestMs = Math.max(
    ...points.map(
      ({ idleInTransactionMs, blockedMs }) => (isIdleKind ? idleInTransactionMs : blockedMs) ?? 0,
    ),
  );
  const what = isIdleKind
    ? `a session of the server lay idle in a transaction (the longest for ${inWords(longestMs)})`
    : `sessions of the server waited for locks (the longest for ${inWords(longestMs)})`;
  return {
    verdict: isIdleKind ? 'idleInTransaction' : 'blocked',
    headline: `Probably not a size problem: in ${most} of ${counted(waiting.length, 'minute')} with long waits ${what}.`,
    reasons: ['Which session that was is not recorded; look at a range that reaches to now while it lasts.'],
    steps: [
      'Set idle_in_transaction_session_timeout and lock_timeout, so that neither lasts for long.',
      'Add an alert, or look at the Sessions tab the next time requests wait.',
    ],
    holders: [],
  };
}

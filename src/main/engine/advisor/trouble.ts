import type { HeldConnection } from '#shared/contract/pool-control.ts';
import type { Holder, Verdict } from '#shared/model/advice.ts';
import { meanMs, percentileMs } from '#shared/model/histogram.ts';
import { openLoadOf } from './demand.ts';
import type { Evidence } from './evidence.ts';
import { blockersOf, idleOwnOf, isOwnSession } from './holders.ts';
import { type Minute, minuteMs } from './minutes.ts';
import { counted, inWords } from './words.ts';

/** What no size cures. */
export interface Trouble {
  verdict: Extract<Verdict, 'idleInTransaction' | 'blocked' | 'leak' | 'slowServer'>;
  headline: string;
  reasons: string[];
  steps: string[];
  holders: Holder[];
}

export const isWaitingNow = ({ measured }: Evidence): boolean =>
  measured.recent.some(({ pending, waitTimeouts }) => pending.max > 0 || waitTimeouts > 0);

/** "pid 1234 (billing)", "The prepared transaction “nightly”". */
function nameOf({ pid, gid, application, isOwn }: Holder): string {
  if (pid === null) return gid === null ? 'A prepared transaction' : `The prepared transaction “${gid}”`;
  const whose = isOwn ? ', a connection of this pool' : '';
  return `Process ${pid}${application === null ? '' : ` (${application})`}${whose}`;
}

const forHow = ({ forMs }: Holder): string => (forMs === null ? '' : ` for ${inWords(forMs)}`);

/** Requests wait, and someone holds what they wait for: said at once, however little is recorded. */
export function holderTrouble(evidence: Evidence): Trouble | null {
  const reading = evidence.server?.reading ?? null;
  if (reading === null || !isWaitingNow(evidence)) return null;
  const { own } = evidence;
  const waiting = Math.max(...evidence.measured.recent.map(({ pending }) => pending.last));
  const waits = `${counted(waiting, 'request')} waited for a connection a moment ago.`;
  const blockers = blockersOf(reading, own);
  const [worst] = blockers;
  if (worst !== undefined) {
    const idles = worst.doing === 'idle in transaction';
    const what = worst.pid === null ? `was ${worst.doing}` : `is ${worst.doing}`;
    return {
      verdict: idles ? 'idleInTransaction' : 'blocked',
      headline: `Not a size problem: ${lowerFirst(nameOf(worst))} ${what}${forHow(worst)} and holds up ${counted(worst.holdsUp, 'connection')} of this pool.`,
      reasons: [
        waits,
        'Connections that wait for a lock are in use all the same; more of them would wait, too.',
      ],
      steps: [
        idles
          ? 'Have its application commit or roll back, or end that session in the Sessions tab.'
          : 'Let it finish, or cancel its statement in the Sessions tab.',
        idles
          ? 'Set idle_in_transaction_session_timeout, so that a forgotten transaction ends by itself.'
          : 'Set lock_timeout, so that requests give up on a lock before the pool runs dry.',
      ],
      holders: blockers,
    };
  }
  const idle = idleOwnOf(reading, own);
  const [longest] = idle;
  if (longest === undefined) return null;
  const many = idle.length > 1 ? ` and ${counted(idle.length - 1, 'other')}` : '';
  return {
    verdict: 'idleInTransaction',
    headline: `Not a size problem: process ${longest.pid}${many} of this pool ${many === '' ? 'lies' : 'lie'} idle in transaction, the longest${forHow(longest)}, while requests wait.`,
    reasons: [
      waits,
      'A connection in an open transaction serves nobody else, whatever the size of the pool.',
    ],
    steps: [
      'Commit or roll back before doing anything else than queries: no calls to other services, no waiting for people.',
      'Set idle_in_transaction_session_timeout, so that a forgotten transaction ends by itself.',
    ],
    holders: idle,
  };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const leastStuckMs = minuteMs;
const leastLeakMs = 5 * minuteMs;
/** Out for longer than this many times the p99 hold is no hold any more. */
const leakTimesP99 = 10;

const leakSteps = [
  'Look for code that takes a connection and does not give it back on every path, errors included.',
  'Give connections back in a finally block, or let the pool’s own query() do it.',
];
const mostNamed = 3;

/** What the pool itself suspects, but for those whose statement still runs. */
function suspectsIn({ suspects, server }: Evidence): HeldConnection[] {
  const sessions = server?.reading?.sessions ?? [];
  const working = new Set(sessions.filter(({ state }) => state === 'active').map(({ pid }) => pid));
  return suspects.filter(({ processId }) => processId === null || !working.has(processId));
}

const namedHold = ({ holder, processId, heldForMs }: HeldConnection): string =>
  `“${holder}” has held ${processId === null ? 'a connection' : `the connection of process ${processId}`} for ${inWords(heldForMs)}, longer than the leak threshold.`;

const holderOfHold = (
  { holder, processId, heldForMs, inTransaction }: HeldConnection,
  user: string,
): Holder[] =>
  processId === null
    ? []
    : [
        {
          ...{ pid: processId, gid: null, application: holder, user, query: null, isOwn: true },
          doing: inTransaction ? 'idle in transaction' : 'held without a statement',
          ...{ forMs: heldForMs, holdsUp: 0 },
        },
      ];

/** Handed out and not given back: all of them, or some for far longer than any that came back. */
export function leakTrouble(evidence: Evidence): Trouble | null {
  const suspects = suspectsIn(evidence);
  const trouble = suspectedLeak(evidence, suspects) ?? measuredLeak(evidence);
  if (trouble === null) return null;
  const named = suspects.slice(0, mostNamed).map(namedHold);
  const holders = suspects.flatMap((suspect) => holderOfHold(suspect, evidence.own.user));
  return { ...trouble, reasons: [...named, ...trouble.reasons], holders };
}

/** Requests wait, and the pool's leak finder knows for what: said at once, however little is recorded. */
function suspectedLeak(evidence: Evidence, suspects: readonly HeldConnection[]): Trouble | null {
  const [longest] = suspects;
  if (longest === undefined || !isWaitingNow(evidence)) return null;
  const others = suspects.length - 1;
  const who = `“${longest.holder}”${others === 0 ? ' has' : ` and ${counted(others, 'other')} have`}`;
  return {
    verdict: 'leak',
    headline: `Not a size problem: ${who} held ${others === 0 ? 'a connection' : 'connections'} for up to ${inWords(longest.heldForMs)} without giving back, while requests wait.`,
    reasons: ['A pool of any size runs dry this way.'],
    steps: leakSteps,
    holders: [],
  };
}

function measuredLeak({ measured, server, own }: Evidence): Trouble | null {
  const { minutes, holdMs } = measured;
  const p99Ms = percentileMs(holdMs, 0.99) ?? 0;
  const overdueMs = leakTimesP99 * p99Ms;
  const stuck = trailing(minutes, (minute) => minute.released === 0 && minute.usedMin >= minute.maxSetting);
  const ownSessions = server?.reading?.sessions.filter((session) => isOwnSession(session, own)) ?? [];
  const lastUsedMin = minutes.at(-1)?.usedMin ?? 0;
  const working = ownSessions.filter(({ state }) => state === 'active').length;
  // Statements that run for long explain what is out; they are the server's or the statement's matter.
  const unexplained = (count: number) => count - Math.min(count, working);
  const steps = leakSteps;
  if (stuck.coveredMs >= Math.max(leastStuckMs, overdueMs) && unexplained(lastUsedMin) > 0) {
    return {
      verdict: 'leak',
      headline: `Not a size problem: all ${counted(lastUsedMin, 'connection')} have been out for ${inWords(stuck.coveredMs)}, and none came back.`,
      reasons: ['A pool of any size runs dry this way.'],
      steps,
      holders: [],
    };
  }
  const meanHoldMs = meanMs(holdMs) ?? 0;
  const out = (minute: Minute) => minute.usedMin - Math.ceil(openLoadOf(minute, meanHoldMs));
  const leaking = trailing(minutes, (minute) => minute.pendingMin === 0 && out(minute) >= 1);
  const lost = Math.min(...leaking.minutes.map(out));
  if (leaking.coveredMs < Math.max(leastLeakMs, overdueMs) || unexplained(lost) <= 0) return null;
  return {
    verdict: 'leak',
    headline: `Not a size problem: ${counted(lost, 'connection')} more than the load explains ${lost === 1 ? 'has' : 'have'} been out for ${inWords(leaking.coveredMs)} without coming back.`,
    reasons: [
      `99 of 100 holds end within ${inWords(p99Ms)}. What stays out so much longer is a leak, or very long work.`,
    ],
    steps,
    holders: [],
  };
}

function trailing(minutes: readonly Minute[], holds: (minute: Minute) => boolean) {
  let first = minutes.length;
  while (first > 0 && holds(minutes[first - 1] as Minute)) first -= 1;
  const found = minutes.slice(first);
  return { minutes: found, coveredMs: found.reduce((sum, { coveredMs }) => sum + coveredMs, 0) };
}

import type { Blocker, BlockingNode } from '#shared/model/sessions/blocking.ts';
import { stateWords } from '#shared/model/sessions/filter.ts';
import {
  idleInTransactionMs,
  type Session,
  sessionKey,
  transactionMs,
} from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { noValue } from '../../../charts/formats.ts';
import { formatAge } from '../../../kit/age-words.ts';
import type { TableColumn } from '../../../kit/data-table/table-column.ts';
import { Unknown } from '../../../kit/data-table/table-row.tsx';

/** A session at the moment of a sample, with whom it waits for and whom it holds up. */
export interface SessionRow {
  key: string;
  session: Session;
  /** The server's clock at the sample. */
  nowMs: number;
  blockedBy: readonly Blocker[];
  /** Null while it waits for nobody, or nobody knows since when. */
  blockedMs: number | null;
  heldUp: number;
}

/** Distinct sessions held up by each pid. */
function heldUpByPid(forest: readonly BlockingNode[], into = new Map<number, number>()): Map<number, number> {
  for (const { blocker, heldUp, children } of forest) {
    if (blocker.kind === 'session') into.set(blocker.pid, heldUp);
    heldUpByPid(children, into);
  }
  return into;
}

export function rowsOfSessions(
  { sessions, sample }: SessionList,
  forest: readonly BlockingNode[],
): SessionRow[] {
  const waits = new Map(sample.blocking.blocked.map((wait) => [wait.pid, wait]));
  const heldUp = heldUpByPid(forest);
  const nowMs = sample.serverNowMs;
  return Array.from(sessions.values(), (session) => {
    const wait = waits.get(session.pid);
    return {
      key: sessionKey(session),
      session,
      nowMs,
      blockedBy: wait?.blockers ?? [],
      blockedMs: wait === undefined || wait.sinceMs === null ? null : Math.max(0, nowMs - wait.sinceMs),
      heldUp: heldUp.get(session.pid) ?? 0,
    };
  });
}

const idleLongMs = 60_000;

/** What holds others up stands out; what waits, or has sat in a transaction for long, a little less. */
export function toneOfRow({ session, nowMs, blockedBy, heldUp }: SessionRow): 'bad' | 'warn' | undefined {
  if (heldUp > 0) return 'bad';
  if (blockedBy.length > 0 || (idleInTransactionMs(session, nowMs) ?? 0) >= idleLongMs) return 'warn';
  return undefined;
}

export const blockersInWords = (blockers: readonly Blocker[]): string =>
  blockers
    .map((blocker) =>
      blocker.kind === 'session'
        ? String(blocker.pid)
        : blocker.gid === null
          ? 'a prepared transaction'
          : `prepared “${blocker.gid}”`,
    )
    .join(', ');

const ageOf = (atMs: number | null, nowMs: number) => (atMs === null ? null : Math.max(0, nowMs - atMs));

/** A value that a session in sight does not have shows as a dash; of one out of sight nobody knows. */
function Seen({ session, text }: { session: Session; text: string | null }) {
  if (text !== null) return <span title={text}>{text}</span>;
  return session.visible ? noValue : <Unknown />;
}

type Column = TableColumn<SessionRow>;

const textColumn = (
  key: string,
  label: string,
  widthPx: number,
  textOf: (session: Session) => string | null,
  more: Partial<Column> = {},
): Column => ({
  key,
  label,
  widthPx,
  value: ({ session }) => textOf(session),
  cell: ({ session }) => <Seen session={session} text={textOf(session)} />,
  ...more,
});

const ageColumn = (
  key: string,
  label: string,
  about: string,
  msOf: (row: SessionRow) => number | null,
  more: Partial<Column> = {},
): Column => ({
  key,
  label,
  about,
  widthPx: 114,
  align: 'end',
  largestFirst: true,
  value: msOf,
  cell: (row) => {
    const ms = msOf(row);
    return <Seen session={row.session} text={ms === null ? null : formatAge(ms)} />;
  },
  ...more,
});

const waitOf = ({ waitEventType, waitEvent }: Session) =>
  waitEvent === null ? null : `${waitEventType ?? ''}: ${waitEvent}`;

export const sessionColumns: readonly Column[] = [
  { key: 'pid', label: 'PID', widthPx: 70, align: 'end', value: ({ session }) => session.pid },
  textColumn('application', 'Application', 124, ({ application }) => application || '(none)'),
  textColumn('state', 'State', 136, ({ state }) => (state === 'unknown' ? null : stateWords[state])),
  ageColumn('stateAge', 'In state', 'Since the state last changed', ({ session, nowMs }) =>
    ageOf(session.stateChangeMs, nowMs),
  ),
  ageColumn('xactAge', 'Transaction', 'Since its transaction began', ({ session, nowMs }) =>
    transactionMs(session, nowMs),
  ),
  textColumn('wait', 'Waits for', 132, waitOf),
  {
    key: 'blockedBy',
    label: 'Blocked by',
    about: 'Who holds the lock that it waits for',
    widthPx: 108,
    value: ({ blockedBy }) => (blockedBy.length === 0 ? null : blockersInWords(blockedBy)),
    cell: ({ session, blockedBy }) => (
      <Seen session={session} text={blockedBy.length === 0 ? null : blockersInWords(blockedBy)} />
    ),
  },
  {
    key: 'heldUp',
    label: 'Holds up',
    about: 'Sessions that wait for it, directly and through others',
    widthPx: 94,
    align: 'end',
    largestFirst: true,
    value: ({ heldUp }) => heldUp,
    cell: ({ heldUp }) => (heldUp === 0 ? noValue : heldUp),
  },
  {
    key: 'query',
    label: 'Last statement',
    widthPx: 260,
    grows: true,
    value: ({ session }) => session.query,
    cell: ({ session }) =>
      session.query === null ? <Seen session={session} text={null} /> : <code>{oneLine(session.query)}</code>,
  },
  textColumn('user', 'User', 92, ({ user }) => user),
  textColumn('database', 'Database', 92, ({ database }) => database),
  textColumn('address', 'Client', 108, ({ visible, clientAddress }) =>
    visible ? (clientAddress ?? '(socket)') : null,
  ),
  ageColumn(
    'queryAge',
    'Statement',
    'Since its last statement began',
    ({ session, nowMs }) => ageOf(session.queryStartMs, nowMs),
    { startsHidden: true },
  ),
  textColumn('kind', 'Process', 150, ({ backendType }) => backendType, { startsHidden: true }),
  ageColumn(
    'connected',
    'Connected',
    'Since the session began',
    ({ session, nowMs }) =>
      ageOf(session.backendStartUs === null ? null : session.backendStartUs / 1000, nowMs),
    { startsHidden: true },
  ),
  textColumn(
    'port',
    'Client port',
    92,
    ({ clientPort }) => (clientPort === null ? null : String(clientPort)),
    {
      startsHidden: true,
      align: 'end',
    },
  ),
  textColumn('leader', 'Leader', 78, ({ leaderPid }) => (leaderPid === null ? null : String(leaderPid)), {
    startsHidden: true,
    align: 'end',
  }),
  textColumn('queryId', 'Query id', 170, ({ queryId }) => queryId, { startsHidden: true, align: 'end' }),
];

const oneLine = (text: string) => text.replace(/\s+/g, ' ');

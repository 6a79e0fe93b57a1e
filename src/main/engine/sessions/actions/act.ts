import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionOutcome, ActionResult, SessionAction } from '#shared/contract/sessions.ts';
import type { Session, SessionRef } from '#shared/model/sessions/session.ts';
import type { Logger } from '../../base/log.ts';
import { toErrorPayload } from '../../base/router.ts';
import { backendStartUs } from '../server/activity-sql.ts';
import type { Link } from '../watch/link.ts';
import type { ActionTarget } from './preview.ts';
import { signalRefusal } from './refusal.ts';
import { groupCondition, Parameters, singleCondition } from './targets-sql.ts';

/** A session and what it was doing when the user was told what would be touched. */
export type SeenSession = SessionRef & Pick<Session, 'application' | 'queryStartMs'>;

interface Work {
  action: SessionAction;
  target: ActionTarget;
  sessions: readonly SeenSession[];
  signal: AbortSignal;
  log: Logger;
  onDone(count: number): void;
}

const looksMs = [20, 80, 200, 500, 1200];

/**
 * Signals each session, if it is still the very one and still matches: checked by the statement
 * that does it, so there is no moment in between. Those not reached when the signal aborts are left
 * out. One refusal does not stop the others.
 */
export async function act(link: Link, work: Work): Promise<ActionResult[]> {
  const results: ActionResult[] = [];
  for (const session of work.sessions) {
    if (work.signal.aborted) break;
    results.push(await actOnOne(link, work, session));
    work.onDone(results.length);
  }
  if (work.action === 'cancel') return results;
  return await awaitEnds(link, results);
}

async function actOnOne(link: Link, work: Work, seen: SeenSession): Promise<ActionResult> {
  const { connection, look } = link;
  const parameters = new Parameters();
  const call = work.action === 'cancel' ? 'pg_cancel_backend' : 'pg_terminate_backend';
  const session: SessionRef = { pid: seen.pid, backendStartUs: seen.backendStartUs };
  const pid = parameters.add(session.pid);
  const start = parameters.add(session.backendStartUs);
  const condition =
    work.target.kind === 'group'
      ? groupCondition(work.target.filter, parameters)
      : `${singleCondition(parameters)} AND ${asSeen(work.action, seen, parameters)}`;
  const result = (outcome: ActionOutcome, error: ActionResult['error'] = null): ActionResult => ({
    session,
    outcome,
    error,
  });
  try {
    const [row] = await connection.askWith(
      `SELECT ${call}(a.pid) FROM pg_stat_activity a
       WHERE a.pid = ${pid} AND ${backendStartUs} = ${start}::bigint AND ${condition}`,
      parameters.values,
    );
    // False when the process ended between the look and the signal.
    if (row !== undefined) return result(row[0] === true ? 'done' : 'ended');
    return result((await areThere(link, [session])).length === 0 ? 'ended' : 'changed');
  } catch (error) {
    const inWords = signalRefusal(error, look.sight, look.facts.user);
    return result('refused', toErrorPayload(inWords, work.log, 'acting on a session'));
  }
}

/**
 * Behind a pooler one backend serves many clients in turn, and any session goes from statement to
 * statement: what would be cancelled must be the statement that was shown, and whoever would be
 * terminated the application. A group says by its filter what it is about.
 */
function asSeen(action: SessionAction, seen: SeenSession, parameters: Parameters): string {
  const conditions = [`a.application_name = ${parameters.add(seen.application)}`];
  if (action === 'cancel' && seen.queryStartMs !== null) {
    const start = parameters.add(seen.queryStartMs);
    conditions.push(`abs(date_part('epoch', a.query_start) * 1000 - ${start}::float8) <= 1`);
  }
  return conditions.join(' AND ');
}

/** Which of them are there. */
async function areThere({ connection }: Link, sessions: readonly SessionRef[]): Promise<SessionRef[]> {
  const rows = await connection.askWith(
    `SELECT a.pid, ${backendStartUs} FROM pg_stat_activity a WHERE a.pid = ANY ($1::int[])`,
    [sessions.map(({ pid }) => pid)],
  );
  const there = new Set(rows.map(([pid, start]) => `${pid}:${start}`));
  return sessions.filter(({ pid, backendStartUs: start }) => there.has(`${pid}:${start}`));
}

/** A session that was told to end needs a moment: it rolls back first. */
async function awaitEnds(link: Link, results: ActionResult[]): Promise<ActionResult[]> {
  let waiting = results.filter(({ outcome }) => outcome === 'done').map(({ session }) => session);
  for (const waitMs of looksMs) {
    if (waiting.length === 0) break;
    await sleep(waitMs);
    waiting = await areThere(link, waiting).catch(() => []);
  }
  const still = new Set(waiting.map(({ pid }) => pid));
  return results.map((result) =>
    result.outcome === 'done' && still.has(result.session.pid) ? { ...result, outcome: 'signalled' } : result,
  );
}

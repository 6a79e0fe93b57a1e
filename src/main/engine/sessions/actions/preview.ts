import { randomUUID } from 'node:crypto';
import type { ActionPreview, SessionAction } from '#shared/contract/sessions.ts';
import { filterInWords, type SessionFilter } from '#shared/model/sessions/filter.ts';
import type { Session, SessionRef } from '#shared/model/sessions/session.ts';
import { EngineError } from '../../base/errors.ts';
import { sessionFrom } from '../server/activity-rows.ts';
import { backendStartUs, sessionColumns } from '../server/activity-sql.ts';
import type { Link } from '../watch/link.ts';
import { groupCondition, Parameters, singleCondition } from './targets-sql.ts';

export type ActionTarget =
  | { kind: 'session'; session: SessionRef }
  | { kind: 'group'; filter: SessionFilter };

/** More at once would be no act of care; a narrower filter shows what is meant. */
const mostSessions = 1000;

const ended = () =>
  new EngineError('not_found', 'That session has ended; nothing needs to be done.', {
    remedy: 'A session that got its process id since is another one.',
  });

/** What the action would touch, as the server has it now. @throws EngineError `not_found`, `not_supported`, `bad_input` */
export async function previewAction(
  link: Link,
  action: SessionAction,
  target: ActionTarget,
): Promise<ActionPreview> {
  const parameters = new Parameters();
  const isOne = target.kind === 'session';
  const condition = isOne
    ? `a.pid = ${parameters.add(target.session.pid)} AND ${backendStartUs} = ${parameters.add(target.session.backendStartUs)}::bigint`
    : groupCondition(target.filter, parameters);
  const rows = await link.connection.askWith(
    `SELECT ${sessionColumns(link.look, null)}, date_part('epoch', clock_timestamp()) * 1000
     FROM pg_stat_activity a WHERE ${condition} ORDER BY a.state_change NULLS LAST LIMIT ${mostSessions + 1}`,
    parameters.values,
  );
  if (isOne) {
    if (rows.length === 0) throw ended();
    await refuseOthers(link, target.session);
  }
  if (rows.length > mostSessions) {
    const message = `More than ${mostSessions} sessions match; an action takes that many at most.`;
    throw new EngineError('bad_input', message, { remedy: 'Narrow the filter.' });
  }
  const sessions = rows.flatMap((row) => sessionFrom(row) ?? []);
  const previewId = randomUUID();
  const serverNowMs = Math.round(Number(rows[0]?.at(-1) ?? 0));
  return {
    previewId,
    action,
    sessions,
    serverNowMs,
    confirmation: isOne ? null : `${action} ${sessions.length}`,
    summary: summaryOf(action, target, sessions),
    warnings: warningsOf(link, action, target, sessions),
  };
}

/** One that may not be acted upon at all is there, but does not pass the condition. */
async function refuseOthers(link: Link, session: SessionRef): Promise<void> {
  const parameters = new Parameters();
  const pid = parameters.add(session.pid);
  const allowed = await link.connection.askWith(
    `SELECT 1 FROM pg_stat_activity a WHERE a.pid = ${pid} AND ${singleCondition(parameters)}`,
    parameters.values,
  );
  if (allowed.length > 0) return;
  throw new EngineError(
    'not_supported',
    `Process ${session.pid} is one of the server's own, or Poolscope's monitor, and is left alone.`,
  );
}

function summaryOf(action: SessionAction, target: ActionTarget, sessions: readonly Session[]): string {
  const [first] = sessions;
  if (target.kind === 'session' && first !== undefined) {
    const who = `session ${first.pid} (${first.application || 'no application name'}, ${first.user ?? 'no user'})`;
    return action === 'cancel' ? `Cancels the statement of ${who}.` : `Ends ${who}.`;
  }
  const count = sessions.length === 1 ? '1 session' : `${sessions.length} sessions`;
  const filter = target.kind === 'group' ? filterInWords(target.filter) : '';
  return action === 'cancel' ? `Cancels the statements of ${count}: ${filter}.` : `Ends ${count}: ${filter}.`;
}

function warningsOf(
  { look }: Link,
  action: SessionAction,
  target: ActionTarget,
  sessions: readonly Session[],
): string[] {
  const warnings: string[] = [];
  const inTransaction = sessions.filter(({ xactStartMs }) => xactStartMs !== null).length;
  const idle = sessions.filter(({ state }) => state !== 'active').length;
  if (action === 'terminate' && inTransaction > 0) {
    warnings.push(
      inTransaction === 1
        ? 'Its open transaction is rolled back.'
        : `${inTransaction} open transactions are rolled back.`,
    );
  }
  if (action === 'cancel' && idle > 0) {
    warnings.push(
      idle === sessions.length
        ? 'Nothing runs there now: cancelling does not end an idle transaction. Terminate does.'
        : `${idle} of them run nothing now; cancelling does nothing to those.`,
    );
  }
  if (sessions.some(({ kind }) => kind === 'walSender'))
    warnings.push('It serves a replica or a backup, which will have to connect again.');
  if (sessions.some(({ kind }) => kind === 'autovacuum'))
    warnings.push('It is autovacuum; the server starts it again later.');
  const { signalGrant, sightGrant } = look.sight;
  if (signalGrant !== null && sessions.some(({ user }) => user !== look.facts.user)) {
    warnings.push(`Sessions of other roles will be refused. To permit it: ${signalGrant};`);
  }
  if (target.kind === 'group' && sightGrant !== null) {
    warnings.push(`Sessions of other roles are hidden and left out. To see them: ${sightGrant};`);
  }
  return warnings;
}

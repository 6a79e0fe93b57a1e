import type { ProfileDraft } from '#shared/model/profile.ts';
import type { QueryMode } from '#shared/model/query.ts';
import { firstWords, positionAt, splitStatements, sqlTokens } from '#shared/model/sql-text.ts';
import { EngineError } from '../../base/errors.ts';

/**
 * What is said before the server is asked. None of this is what keeps a read-only run from writing:
 * that is the server's READ ONLY transaction. It gives better words, and catches what such a
 * transaction does not cover.
 */
export function checkStatement(text: string, mode: QueryMode, inTransaction: boolean): void {
  const statements = splitStatements(text);
  const [first, second] = statements;
  if (first === undefined) throw new EngineError('bad_input', 'There is no statement to run.');
  if (second !== undefined) {
    const message = `There are ${statements.length} statements here, and one is run at a time.`;
    const remedy = 'Select one of them, or open a transaction and run them one after another.';
    throw new EngineError('bad_input', message, { remedy, position: positionAt(text, second.from) });
  }
  refuseCopy(first.text);
  refuseTransactionControl(first.text, inTransaction);
  if (mode === 'readOnly') refuseActsOutside(text);
}

function refuseCopy(text: string): void {
  if (firstWords(text, 1)[0] !== 'copy') return;
  const message = 'COPY moves data past the result, which the Query tab cannot show.';
  const remedy = 'Run a SELECT and export its result instead.';
  throw new EngineError('not_supported', message, { remedy });
}

const endsOrBegins = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort']);

function refuseTransactionControl(text: string, inTransaction: boolean): void {
  const [first = '', ...rest] = firstWords(text, 4);
  const prepares = first === 'prepare' && rest[0] === 'transaction';
  if (!endsOrBegins.has(first) && !prepares) return;
  // "ROLLBACK [WORK | TRANSACTION] TO …" goes back to a savepoint and stays in the transaction.
  if (inTransaction && first === 'rollback' && rest.includes('to')) return;
  const message = `${(prepares ? 'prepare transaction' : first).toUpperCase()} is not run as a statement here.`;
  const remedy = inTransaction
    ? 'End the transaction with Commit or Roll back.'
    : 'Open a transaction, run the statements in it, then commit or roll back.';
  throw new EngineError('not_supported', message, { remedy });
}

/**
 * Functions that do something no transaction undoes and no READ ONLY forbids: end sessions, touch
 * files, slots and statistics, or talk to other servers. Called by name they are refused; one that is
 * hidden in another function is for the server's permissions.
 */
const actsOutside =
  /^(pg_(terminate|cancel)_backend|pg_reload_conf|pg_rotate_logfile|pg_promote|pg_switch_wal|pg_create_restore_point|pg_(start|stop)_backup|pg_backup_(start|stop)|pg_wal_replay_(pause|resume)|pg_(create|drop|copy)_\w*replication_slot|pg_replication_\w+|pg_logical_slot_get_\w+|pg_logical_emit_message|pg_log_standby_snapshot|pg_log_backend_memory_contexts|pg_file_\w+|pg_stat_reset\w*|pg_stat_statements_reset|pg_prewarm|lo_export|dblink\w*)$/;

/** What a name in double quotes says; U&"d\0061ta" spells characters by their numbers. */
function quotedName(piece: string): string {
  if (piece.startsWith('"')) return piece.slice(1, -1);
  return piece
    .slice(3, -1)
    .replace(/\\(?:\+([\da-f]{6})|([\da-f]{4}))/gi, (_all, six: string | undefined, four: string) =>
      // Above the last code point it is no name at all.
      String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(six ?? four, 16))),
    );
}

function refuseActsOutside(text: string): void {
  let name = '';
  let from = 0;
  for (const token of sqlTokens(text)) {
    const piece = text.slice(token.from, token.to);
    if (piece === '(' && actsOutside.test(name)) {
      const message = `${name} acts outside of the transaction, so a read-only run cannot call it.`;
      const remedy = 'Switch on writing for this run, if this connection allows it.';
      throw new EngineError('read_only', message, { remedy, position: positionAt(text, from) });
    }
    name = token.kind === 'word' ? piece.toLowerCase() : token.kind === 'name' ? quotedName(piece) : '';
    from = token.from;
  }
}

/** @throws EngineError `read_only` when this connection does not allow writing from the Query tab */
export function checkMode(profile: Pick<ProfileDraft, 'readOnly' | 'queryWrites'>, mode: QueryMode): void {
  if (mode === 'readOnly') return;
  if (profile.readOnly) {
    const message = 'This connection is read-only: nothing is changed on its server through Poolscope.';
    throw new EngineError('read_only', message, {
      remedy: 'Run it read-only, or switch "Read-only" off in the settings of the connection.',
    });
  }
  if (profile.queryWrites) return;
  throw new EngineError('read_only', 'Writing from the Query tab is off for this connection.', {
    remedy: 'Run it read-only, or switch "Queries may write" on in the settings of the connection.',
  });
}

/** Statements the server refuses within a transaction block, or that want to commit on their own. */
export function needsNoTransaction(text: string): boolean {
  const words = firstWords(text, 5);
  const [first = '', second = ''] = words;
  if (['vacuum', 'call', 'do', 'checkpoint'].includes(first)) return true;
  if (['create', 'drop'].includes(first) && ['database', 'tablespace', 'subscription'].includes(second))
    return true;
  if (first === 'alter' && ['system', 'database', 'subscription'].includes(second)) return true;
  if (first === 'reindex' && (/^(database|system|schema)$/.test(second) || second === '')) return true;
  if (first === 'cluster' && second === '') return true;
  return ['create', 'drop', 'reindex', 'refresh', 'alter'].includes(first) && /\bconcurrently\b/i.test(text);
}

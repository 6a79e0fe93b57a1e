import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';

/** PgBouncer answers everything with 08P01; words are all that tells its refusals apart. */
type Rule = [pattern: RegExp, make: (message: string, user: string) => EngineError];

const rules: Rule[] = [
  [
    /^not allowed$/,
    (_message, user) =>
      new EngineError('permission_denied', `The user "${user}" may not use the pooler's console.`, {
        remedy: 'Add it to admin_users, or to stats_users to watch only, in pgbouncer.ini, and reload.',
      }),
  ],
  [/admin access needed/, (_message, user) => adminNeeded(user)],
  [
    /^(invalid command|unsupported|unrecognized|syntax error)/i,
    (message) =>
      new EngineError('not_supported', `This pooler does not know that command: ${sentence(message)}`, {
        remedy: 'Other versions of it may.',
      }),
  ],
];

/** What a login without admin rights is told. */
export function adminNeeded(user: string): EngineError {
  const message = `The user "${user}" may only look: this needs a user in admin_users.`;
  return new EngineError('permission_denied', message, {
    remedy: 'Add it to admin_users in pgbouncer.ini and reload, or connect as one who is.',
  });
}

const sentence = (text: string) => {
  const trimmed = text.replace(/, use SHOW HELP;?$/, '').trim();
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1).replace(/[.;]$/, '')}.`;
};

/** What a console, or the way to it, said: as a typed error with the words of consoles where they differ. */
export function consoleErrorOf(error: unknown, user = ''): unknown {
  if (error instanceof EngineError) return error;
  const fromServer = error instanceof Error && 'severity' in error;
  if (fromServer) {
    const rule = rules.find(([pattern]) => pattern.test(error.message));
    if (rule !== undefined) return rule[1](error.message, user);
  }
  return databaseErrorOf(error) ?? error;
}

/** What a profile that leads to a database is told by everything that needs a console. */
export function notAConsole(name: string, serverVersion: string): EngineError {
  const what = serverVersion === '' ? 'a database' : `a PostgreSQL ${serverVersion} database`;
  return new EngineError('not_supported', `"${name}" leads to ${what}, not to a pooler's console.`, {
    remedy:
      'To watch a PgBouncer, add a connection to its host and port with the database "pgbouncer" and a user in its admin_users or stats_users.',
  });
}

/** Of a console that is open, and was not reached yet. */
export function notAnswered(): EngineError {
  return new EngineError('connection_lost', 'The console has not answered yet.', {
    remedy: 'Wait a moment: Poolscope keeps trying.',
  });
}

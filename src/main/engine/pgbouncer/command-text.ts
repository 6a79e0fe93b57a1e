import type { PoolerCommand } from '#shared/model/pooler-command.ts';

/**
 * A name as the console's parser takes it. Plain ones go bare, for poolers that do not know quotes;
 * anything else in double quotes, with a quote inside doubled, as in SQL.
 */
const name = (database: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(database) ? database : `"${database.replaceAll('"', '""')}"`;

const value = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const withName = (verb: string, database: string | null): string =>
  database === null ? verb : `${verb} ${name(database)}`;

/** The command as it is sent. */
export function commandText(command: PoolerCommand): string {
  switch (command.kind) {
    case 'pause':
      return withName('PAUSE', command.database);
    case 'resume':
      return withName('RESUME', command.database);
    case 'reconnect':
      return withName('RECONNECT', command.database);
    case 'kill':
      return withName('KILL', command.database);
    case 'killClient':
      return `KILL_CLIENT ${command.clientId}`;
    case 'disable':
      return withName('DISABLE', command.database);
    case 'enable':
      return withName('ENABLE', command.database);
    case 'reload':
      return 'RELOAD';
    case 'set':
      return `SET ${command.key} = ${value(command.value)}`;
  }
}

/** The database a command is about; null for the whole pooler. */
export const databaseOf = (command: PoolerCommand): string | null =>
  'database' in command ? command.database : null;

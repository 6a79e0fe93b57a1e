import type { CommandPlan, PoolerStatus } from '#shared/contract/pgbouncer.ts';
import { type PoolerPool, type PoolerSetting, type PoolerTick, poolerNames } from '#shared/model/pooler.ts';
import type { PoolerCommand } from '#shared/model/pooler-command.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { EngineError } from '../base/errors.ts';
import { commandText, databaseOf } from './command-text.ts';
import { adminNeeded } from './console-errors.ts';
import { hidden } from './secrets.ts';

/** What is known of the pooler when a command is looked at. */
export interface CommandScene {
  profile: ProfileDraft;
  status: PoolerStatus;
  tick: PoolerTick | null;
  settings: PoolerSetting[];
}

type Words = Pick<CommandPlan, 'title' | 'effects' | 'undo' | 'impact'>;

const count = (n: number | null, one: string, many = `${one}s`): string =>
  n === null ? `an unknown number of ${many}` : `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;

/** Null when any part of it is unknown. @param pools null before the first sample */
const total = (pools: PoolerPool[] | null, of: (pool: PoolerPool) => number | null): number | null =>
  pools === null || pools.some((pool) => of(pool) === null)
    ? null
    : pools.reduce((sum, pool) => sum + (of(pool) ?? 0), 0);

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function wordsFor(command: PoolerCommand, scene: CommandScene): Words {
  const database = databaseOf(command);
  const pools = scene.tick?.pools.filter((pool) => database === null || pool.database === database) ?? null;
  const clients = count(
    total(pools, ({ clActive, clWaiting }) =>
      clActive === null && clWaiting === null ? null : (clActive ?? 0) + (clWaiting ?? 0),
    ),
    'client',
  );
  const servers = count(
    total(pools, (pool) => pool.svOpen),
    'server connection',
  );
  const busy = count(
    total(pools, (pool) => pool.svActive),
    'server connection',
  );
  const what = database === null ? 'every database' : `"${database}"`;
  const name = database ?? 'everything';
  switch (command.kind) {
    case 'pause': {
      const isSession = (pools ?? []).some(({ poolMode }) => poolMode === 'session');
      const held = isSession
        ? `In session mode that means until clients disconnect: ${busy} of ${what} ${total(pools, (p) => p.svActive) === 1 ? 'is' : 'are'} in use now, and PAUSE may well not finish.`
        : `Now ${busy} of ${what} ${total(pools, (p) => p.svActive) === 1 ? 'is' : 'are'} in use.`;
      return {
        title: `Pause ${name}`,
        effects: [
          `Waits until the server connections of ${what} are free, and closes them. ${held}`,
          `New work of ${clients} waits from this moment on; nobody is disconnected.`,
          `If it has not finished in ${command.timeoutMs / 1000} s, it is taken back.`,
          command.autoResume
            ? 'Poolscope resumes by itself when it loses the console, disconnects from it, or quits.'
            : 'It stays paused when Poolscope loses the console or quits, until somebody resumes it.',
        ],
        undo: commandText({ kind: 'resume', database }),
        impact: 'waits',
      };
    }
    case 'resume':
      return {
        title: `Resume ${name}`,
        effects: [
          `Ends a PAUSE or a KILL of ${what}: ${clients} go on.`,
          'Where a login to the server was cut short meanwhile, clients wait for server_login_retry more (15 s, unless set otherwise).',
          ...(database === null ? ['Databases that were paused by name stay paused.'] : []),
        ],
        undo: commandText({ kind: 'pause', database, timeoutMs: 1000, autoResume: true }),
        impact: 'none',
      };
    case 'reconnect':
      return {
        title: `Reconnect ${name}`,
        effects: [
          `Closes each of ${servers} of ${what} as soon as it is free, and opens new ones as they are needed.`,
          'Nothing running is interrupted.',
        ],
        undo: null,
        impact: 'waits',
      };
    case 'kill':
      return {
        title: `Kill connections of ${name}`,
        effects: [
          `Cuts off ${clients} and ${servers} of ${what} at once; their transactions are rolled back.`,
          `${capital(what)} is paused afterwards: new clients wait until it is resumed.`,
          command.autoResume
            ? 'Poolscope resumes it by itself when it loses the console, disconnects from it, or quits.'
            : 'It stays paused when Poolscope loses the console or quits, until somebody resumes it.',
        ],
        undo: commandText({ kind: 'resume', database }),
        impact: 'breaks',
      };
    case 'killClient':
      return {
        title: `Kill client ${command.clientId}`,
        effects: [
          `Cuts off one client, number ${command.clientId}; its transaction is rolled back.`,
          'Most applications connect again by themselves.',
        ],
        undo: null,
        impact: 'breaks',
      };
    case 'disable':
      return {
        title: `Disable ${name}`,
        effects: [`Refuses new clients of ${what}. ${capital(clients)} that are connected go on.`],
        undo: commandText({ kind: 'enable', database: database ?? '' }),
        impact: 'breaks',
      };
    case 'enable':
      return {
        title: `Enable ${name}`,
        effects: [`Lets new clients of ${what} in again.`],
        undo: commandText({ kind: 'disable', database: database ?? '' }),
        impact: 'none',
      };
    case 'reload':
      return {
        title: 'Reload the configuration',
        effects: [
          'Reads the configuration and user files anew. Settings changed with SET go back to what the file says.',
          'Server connections whose settings changed are closed as they become free.',
        ],
        undo: null,
        impact: 'none',
      };
    case 'set': {
      const now = scene.settings.find(({ key }) => key === command.key)?.value ?? null;
      return {
        title: `Set ${command.key}`,
        effects: [
          `Changes ${command.key} from ${now === null || now === '' ? 'nothing' : now} to ${command.value === '' ? 'nothing' : command.value}, until the pooler restarts or reloads: the file stays as it is.`,
        ],
        undo: now === null || now.includes(hidden) ? null : commandText({ ...command, value: now }),
        impact: 'none',
      };
    }
  }
}

/** Why the command must not, or cannot, be given now; null when it may. */
export function refusalOf(command: PoolerCommand, scene: CommandScene): EngineError | null {
  const { profile, status, tick, settings } = scene;
  const pooler = `${poolerNames[status.product]} ${status.version}`;
  if (profile.readOnly)
    return new EngineError('read_only', `"${profile.name}" is read-only: Poolscope changes nothing there.`, {
      remedy: "Switch read-only off in the connection's settings.",
    });
  if (status.rights === 'stats') return adminNeeded(status.user);
  if (!status.commands.includes(command.kind))
    return new EngineError('not_supported', `${pooler} has no ${verbOf(command)}.`);
  const database = databaseOf(command);
  // PgBouncer makes a database of any name it is told, where the configuration has a `*`.
  if (database !== null && tick !== null && tick.databases.length > 0) {
    if (!tick.databases.some(({ name }) => name === database))
      return new EngineError('not_found', `The pooler knows no database "${database}".`, {
        remedy: 'Choose one of its list; names are case-sensitive here.',
      });
  }
  return command.kind === 'set' ? settingRefusal(command.key, settings, pooler) : null;
}

function settingRefusal(key: string, settings: PoolerSetting[], pooler: string): EngineError | null {
  const setting = settings.find((candidate) => candidate.key === key);
  if (setting === undefined) return new EngineError('not_found', `${pooler} has no setting "${key}".`);
  if (setting.changeable) return null;
  return new EngineError('not_supported', `"${key}" cannot be changed while the pooler runs.`, {
    remedy: 'Change it in its configuration file and restart the pooler.',
  });
}

const verbOf = (command: PoolerCommand): string => commandText(command).split(' ', 1)[0] ?? '';

/** What a command will do, in words and figures of this moment. Changes nothing. */
export function explain(command: PoolerCommand, scene: CommandScene): CommandPlan {
  return {
    text: commandText(command),
    ...wordsFor(command, scene),
    refusal: refusalOf(command, scene)?.toPayload() ?? null,
  };
}

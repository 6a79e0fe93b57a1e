import type { CommandResult } from '#shared/contract/pgbouncer.ts';
import type { PoolerCommand } from '#shared/model/pooler-command.ts';
import { EngineError } from '../base/errors.ts';
import { commandText, databaseOf } from './command-text.ts';
import { notAnswered } from './console-errors.ts';
import { type CommandScene, refusalOf } from './explain.ts';
import { withoutSecrets } from './secrets.ts';
import type { ConsoleWatch } from './watch.ts';

/** What stands now, for whoever looks at a command. Settings are read anew only where they matter. */
export async function sceneOf(watch: ConsoleWatch, command: PoolerCommand): Promise<CommandScene> {
  const status = watch.status();
  if (status === null) throw notAnswered();
  const settings = command.kind === 'set' ? await watch.settings() : [];
  return { profile: watch.profile, status, tick: watch.lastTick, settings };
}

const subject = (command: PoolerCommand): string => {
  const database = databaseOf(command);
  return database === null ? 'The whole pooler' : `"${database}"`;
};

function outcomeOf(command: PoolerCommand, scene: CommandScene): string {
  switch (command.kind) {
    case 'pause':
      return `${subject(command)} is paused. Resume it when you are done.`;
    case 'resume':
      return `${subject(command)} goes on.`;
    case 'reconnect':
      return `Server connections of ${databaseOf(command) ?? 'every database'} are closed as they become free.`;
    case 'kill':
      return `All connections of ${subject(command)} were cut; it is paused until it is resumed.`;
    case 'killClient':
      return `Client ${command.clientId} was cut off.`;
    case 'disable':
      return `${subject(command)} takes no new clients.`;
    case 'enable':
      return `${subject(command)} takes new clients again.`;
    case 'reload':
      return 'The configuration was read anew.';
    case 'set': {
      const before = scene.settings.find(({ key }) => key === command.key)?.value;
      const now = withoutSecrets(command.key, command.value);
      return `${command.key} is ${now || 'empty'} now; it was ${before || 'empty'}.`;
    }
  }
}

/** PgBouncer says no more than "SET failed". */
function setRefused(command: Extract<PoolerCommand, { kind: 'set' }>, cause: unknown): unknown {
  if (!(cause instanceof EngineError) || !/SET failed/.test(cause.message)) return cause;
  const value = withoutSecrets(command.key, command.value);
  const message = `The pooler does not take "${value}" for ${command.key}.`;
  const remedy = `See what ${command.key} may be in the pooler's manual.`;
  return new EngineError('database_error', message, { ...cause.details, remedy }, { cause });
}

async function give(watch: ConsoleWatch, command: PoolerCommand, signal: AbortSignal): Promise<void> {
  switch (command.kind) {
    case 'pause':
      return await watch.holds.pause(command, signal);
    case 'kill':
      return await watch.holds.kill(command, signal);
    case 'resume':
      return await watch.holds.resume(command.database);
    case 'set':
      try {
        return await watch.give(commandText(command));
      } catch (error) {
        throw setRefused(command, error);
      }
    default:
      return await watch.give(commandText(command));
  }
}

/**
 * Checks and gives one command. @throws EngineError: the refusal, or what went wrong; both are told
 * by `record` when the console was asked.
 */
export async function run(
  watch: ConsoleWatch,
  command: PoolerCommand,
  signal: AbortSignal,
  record: (text: string) => void,
): Promise<CommandResult> {
  const scene = await sceneOf(watch, command);
  const refusal = refusalOf(command, scene);
  if (refusal !== null) throw refusal;
  const text =
    command.kind === 'set'
      ? commandText({ ...command, value: withoutSecrets(command.key, command.value) })
      : commandText(command);
  const startedMs = performance.now();
  try {
    await give(watch, command, signal);
  } catch (error) {
    record(`${text} failed: ${error instanceof Error ? error.message : 'unknown reason'}`);
    void watch.refresh();
    throw error;
  }
  const outcome = outcomeOf(command, scene);
  const tookMs = performance.now() - startedMs;
  record(`${text}: ${outcome}`);
  await watch.refresh();
  return { text, outcome, tookMs };
}

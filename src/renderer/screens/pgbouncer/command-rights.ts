import type { PoolerStatus } from '#shared/contract/pgbouncer.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import {
  defaultPauseTimeoutMs,
  type PoolerCommand,
  type PoolerCommandKind,
} from '#shared/model/pooler-command.ts';

/** Why a command cannot be given through this profile; null when it can be tried. */
export function commandRefusal(
  { name, readOnly }: Pick<ProfileView, 'name' | 'readOnly'>,
  { user, rights, commands, version }: Pick<PoolerStatus, 'user' | 'rights' | 'commands' | 'version'>,
  kind: PoolerCommandKind,
): string | null {
  if (readOnly) return `${name} is marked read-only: nothing is changed through it.`;
  if (rights === 'stats') return `${user} may look and not command.`;
  if (!commands.includes(kind)) return `Version ${version} does not have this command.`;
  return null;
}

export const pauseOf = (database: string | null): PoolerCommand => ({
  kind: 'pause',
  database,
  timeoutMs: defaultPauseTimeoutMs,
  autoResume: true,
});

/** What is typed before a command that cuts connections: the name of what it hits; null when a click will do. */
export function confirmationOf(command: PoolerCommand, impact: 'none' | 'waits' | 'breaks'): string | null {
  if (impact !== 'breaks' || !('database' in command)) return null;
  return command.database;
}

import { Button, Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import type { PoolerStatus } from '#shared/contract/pgbouncer.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { poolerNames } from '#shared/model/pooler.ts';
import type { PoolerCommand, PoolerCommandKind } from '#shared/model/pooler-command.ts';
import { useLinkLost } from '../../data/use-link.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { usePoolerTick } from '../../live/pooler/latest-ticks.ts';
import { Notice } from '../connection/sessions/session-notices.tsx';
import { commandRefusal, pauseOf } from './command-rights.ts';
import classes from './pgbouncer.module.css';

export interface PoolerPart {
  profile: ProfileView;
  pooler: PoolerStatus;
  onCommand(command: PoolerCommand): void;
}

const rightsWords: Record<PoolerStatus['rights'], string> = {
  admin: 'admin: may give commands',
  stats: 'stats: may look, not command',
  unknown: 'rights unknown until a command is tried',
};

/** Which pooler this is, who asks it, what is wrong with it, and the commands to all of it. */
export function PoolerHead({ profile, pooler, onCommand }: PoolerPart) {
  const tick = usePoolerTick(profile.profileId);
  const linkLost = useLinkLost();
  return (
    <div className={classes.head}>
      <div className={classes.headLine}>
        <p className={classes.identity}>
          <strong>
            {poolerNames[pooler.product]} {pooler.version}
          </strong>{' '}
          as {pooler.user} ({rightsWords[pooler.rights]})
        </p>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<ChevronDown size={14} aria-hidden />}>
              Command the pooler
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <CommandItem
              profile={profile}
              pooler={pooler}
              kind="resume"
              label="Resume everything…"
              onClick={() => onCommand({ kind: 'resume', database: null })}
            />
            <CommandItem
              profile={profile}
              pooler={pooler}
              kind="pause"
              label="Pause everything…"
              onClick={() => onCommand(pauseOf(null))}
            />
            <CommandItem
              profile={profile}
              pooler={pooler}
              kind="reconnect"
              label="Reconnect to all servers…"
              onClick={() => onCommand({ kind: 'reconnect', database: null })}
            />
            <CommandItem
              profile={profile}
              pooler={pooler}
              kind="reload"
              label="Reload its configuration…"
              onClick={() => onCommand({ kind: 'reload' })}
            />
          </Menu.Dropdown>
        </Menu>
      </div>
      {pooler.error !== null && !pooler.connected && !linkLost && (
        <ErrorNote error={pooler.error}>
          <p>
            {tick === undefined ? (
              'Nothing is known of it yet.'
            ) : (
              <>
                What shows below is from <RelativeTime atMs={tick.atMs} />.
              </>
            )}{' '}
            It is tried again by itself.
          </p>
        </ErrorNote>
      )}
      {pooler.rights === 'stats' && (
        <Notice>
          <p>
            The user {pooler.user} may look and not command. To command from here, add it to{' '}
            <code>admin_users</code> in the pooler’s configuration and reload it.
          </p>
        </Notice>
      )}
    </div>
  );
}

interface ItemProps {
  profile: ProfileView;
  pooler: PoolerStatus;
  kind: PoolerCommandKind;
  label: string;
  onClick(): void;
}

/** An entry of a menu that says why it is off. */
function CommandItem({ profile, pooler, kind, label, onClick }: ItemProps) {
  const reason = commandRefusal(profile, pooler, kind);
  return (
    <Menu.Item disabled={reason !== null} onClick={onClick}>
      {label}
      {reason !== null && <span className={classes.itemReason}>{reason}</span>}
    </Menu.Item>
  );
}

import { Button } from '@mantine/core';
import { Copy, Pencil, Plug, Trash2, Unplug } from 'lucide-react';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { useConnect, useDisconnect } from '../../data/pool-actions.ts';
import { poolView } from '../../data/pool-view.ts';
import { useDeleteProfile, useDuplicate } from '../../data/profile-actions.tsx';
import { StatusBadge } from '../../kit/status-badge.tsx';
import { targetOf } from '../../kit/target-of.ts';
import { goToConnection } from '../../navigation/place.ts';
import classes from './connection-header.module.css';
import { HealthSummary } from './health-summary.tsx';
import { WorkloadSwitch } from './workload-switch.tsx';

interface Props {
  profile: ProfileView;
  status: PoolStatus;
  /** The tab below offers to connect already; one such button is enough. */
  connectOffered: boolean;
}

/** Which connection this is, how it is, and what can be done with it. */
export function ConnectionHeader({ profile, status, connectOffered }: Props) {
  const duplicate = useDuplicate(profile.profileId, profile.name);
  const remove = useDeleteProfile(profile);
  return (
    <header className={classes.header}>
      <div className={classes.top}>
        <div className={classes.identity}>
          <h1 className={classes.name}>
            <bdi>{profile.name}</bdi>
          </h1>
          <StatusBadge view={poolView(status)} washed />
          <span className={classes.target}>{targetOf(profile)}</span>
        </div>
        <div className={classes.actions}>
          {!connectOffered && <ConnectButton profile={profile} status={status} />}
          <Button
            variant="default"
            leftSection={<Pencil size={14} aria-hidden />}
            onClick={() => goToConnection(profile.profileId, 'settings')}
          >
            Edit
          </Button>
          <Button
            variant="default"
            leftSection={<Copy size={14} aria-hidden />}
            loading={duplicate.isPending}
            onClick={() => duplicate.mutate()}
          >
            Duplicate
          </Button>
          <Button
            variant="default"
            leftSection={<Trash2 size={14} aria-hidden />}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Delete
          </Button>
        </div>
      </div>
      {status.state === 'open' && <HealthSummary profile={profile} health={status.health} />}
      {profile.kind === 'sample' && <WorkloadSwitch poolOpen={status.state === 'open'} />}
    </header>
  );
}

function ConnectButton({ profile, status }: { profile: ProfileView; status: PoolStatus }) {
  const connect = useConnect();
  const disconnect = useDisconnect();
  if (status.state === 'open' || status.state === 'closing') {
    return (
      <Button
        variant="default"
        leftSection={<Unplug size={14} aria-hidden />}
        loading={status.state === 'closing' || disconnect.isPending}
        onClick={() => disconnect.mutate(profile)}
      >
        Disconnect
      </Button>
    );
  }
  return (
    <Button
      leftSection={<Plug size={14} aria-hidden />}
      loading={status.state === 'opening' || connect.isPending}
      onClick={() => connect.mutate(profile)}
    >
      Connect
    </Button>
  );
}

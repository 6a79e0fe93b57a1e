import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PoolerServer } from '#shared/model/picture.ts';
import { request } from '../../../bridge/client.ts';
import { useConnect } from '../../../data/pool-actions.ts';
import { usePools, useProfiles } from '../../../data/queries.ts';
import { Panel } from '../../../kit/panel.tsx';
import { go, goToConnection } from '../../../navigation/place.ts';
import classes from './picture.module.css';

/** The servers behind the pooler, and which connection of Poolscope each is taken for. */
export function ServersPanel({
  profileId,
  servers,
}: {
  profileId: string;
  servers: readonly PoolerServer[];
}) {
  const profiles = useProfiles().data ?? [];
  const pools = usePools().data ?? {};
  const client = useQueryClient();
  const connect = useConnect();
  const choose = useMutation({
    mutationFn: ({ host, port, chosen }: Pick<PoolerServer, 'host' | 'port'> & { chosen: string | null }) =>
      request('picture.chooseServer', { profileId, host, port, serverProfileId: chosen }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['picture.get', profileId] }),
    meta: { failure: 'The server could not be chosen' },
  });
  const databases = profiles.filter((profile) => pools[profile.profileId]?.target !== 'console');
  return (
    <Panel title="Servers behind it">
      <p className={classes.dim}>
        Backends and blockers come from the sessions of these connections. Poolscope opens none by itself.
      </p>
      {servers.length === 0 && (
        <p className={classes.dim}>The pooler tells of none yet: no client has asked for a database.</p>
      )}
      <ul className={classes.servers}>
        {servers.map((server) => {
          const { host, port, serverProfileId, sight, match, problem } = server;
          const place = host === null ? 'Unix socket of the pooler’s machine' : `${host}:${port ?? ''}`;
          const taken = profiles.find((profile) => profile.profileId === serverProfileId);
          return (
            <li key={`${host} ${port}`}>
              <div className={classes.serverWords}>
                <strong>{place}</strong> for {server.databases.join(', ')}
                {problem !== null && <span className={classes.problem}>{problem}</span>}
              </div>
              <NativeSelect
                size="xs"
                aria-label={`Connection taken for ${place}`}
                value={match === 'chosen' && serverProfileId !== null ? serverProfileId : ''}
                onChange={(event) => choose.mutate({ host, port, chosen: event.currentTarget.value || null })}
                data={[
                  {
                    value: '',
                    label:
                      match === 'hostAndPort' && taken !== undefined
                        ? `${taken.name} (by its address)`
                        : 'By its address',
                  },
                  ...databases.map((profile) => ({ value: profile.profileId, label: profile.name })),
                ]}
              />
              {sight === 'closed' && taken !== undefined && (
                <Button loading={connect.isPending} onClick={() => connect.mutate(taken)}>
                  Connect
                </Button>
              )}
              {sight === 'noProfile' && (
                <Button variant="default" onClick={() => go({ screen: 'add' })}>
                  Add a connection
                </Button>
              )}
              {sight === 'known' && taken !== undefined && (
                <Button variant="default" onClick={() => goToConnection(taken.profileId, 'sessions')}>
                  Its sessions
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

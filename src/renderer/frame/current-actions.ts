import type { SpotlightActionGroupData } from '@mantine/spotlight';
import type { PoolStatus } from '#shared/contract/pools.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { leadsToConsole } from '../data/leads-to-console.ts';
import { useCheckNow, useConnect, useDisconnect } from '../data/pool-actions.ts';
import { useDuplicate } from '../data/profile-actions.tsx';
import { focusMain } from '../navigation/focus-main.ts';
import { type ConnectionTab, go, goToConnection, type Place } from '../navigation/place.ts';
import { focusFieldOnOpen } from '../screens/profile-form/field-to-focus.ts';

/** Goes there and on from the top of it: the palette would give the focus back to the place left. */
export function jump(place: Place): void {
  go(place);
  setTimeout(focusMain);
}

/** What the palette offers for the connection on the screen; nothing elsewhere. */
export function useCurrentActions(
  profile: ProfileView | undefined,
  status: PoolStatus | null,
): SpotlightActionGroupData {
  const connect = useConnect();
  const disconnect = useDisconnect();
  const profileId = profile?.profileId ?? '';
  const check = useCheckNow(profileId);
  const duplicate = useDuplicate(profileId, profile?.name ?? '');
  if (profile === undefined || status === null) return { group: 'This connection', actions: [] };

  const open = status.state === 'open';
  const tab = (name: ConnectionTab, label: string, description: string) => ({
    id: `tab-${name}`,
    label,
    description,
    onClick: () => jump({ screen: 'connection', profileId, tab: name }),
  });
  return {
    group: 'This connection',
    actions: [
      ...(leadsToConsole(profile, status)
        ? [
            tab('pools', 'Pools', 'Server connections and queues of the pooler, second by second'),
            tab('picture', 'Who waits for whom', 'From a waiting client to what holds it up'),
            tab('clients', 'Clients', 'Every client of the pooler'),
            tab('configuration', 'Configuration', 'Settings of the pooler'),
          ]
        : [
            tab('live', 'Live', 'Charts, second by second'),
            tab('pool', 'Pool', 'Change the running pool, who holds what, its event log'),
            tab('sessions', 'Sessions', 'Who is connected to the server, and who blocks whom'),
            tab('names', 'Names', 'The names table of its database'),
            tab('query', 'Query', 'SQL on this database: run, explain, export'),
            tab('advice', 'Advice', 'What size its pool should have, and why'),
          ]),
      tab('settings', 'Settings', 'Target, TLS, pool and health'),
      {
        id: 'toggle',
        label: `${open ? 'Disconnect from' : 'Connect to'} ${profile.name}`,
        onClick: () => (open ? disconnect : connect).mutate(profile),
      },
      ...(open
        ? [
            {
              id: 'check',
              label: 'Check now',
              description: 'Runs one health check',
              onClick: () => check.mutate(),
            },
          ]
        : []),
      {
        id: 'edit',
        label: 'Edit',
        description: 'Opens the settings with the cursor in the name',
        onClick: () => {
          focusFieldOnOpen(profileId, 'name');
          goToConnection(profileId, 'settings');
        },
      },
      {
        id: 'duplicate',
        label: 'Duplicate',
        description: 'Adds a copy of it',
        onClick: () => duplicate.mutate(),
      },
    ],
  };
}

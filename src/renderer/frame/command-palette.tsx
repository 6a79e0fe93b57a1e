import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { bundleOpener } from '../bundles/open-bundles.ts';
import { useConnect, useConnectAll, useDisconnect, useDisconnectAll } from '../data/pool-actions.ts';
import { poolView } from '../data/pool-view.ts';
import { closedPool, usePools, useProfiles } from '../data/queries.ts';
import { useStartSample } from '../data/sample-actions.ts';
import { statusWord } from '../kit/status-badge.tsx';
import { targetOf } from '../kit/target-of.ts';
import { go, goToConnection } from '../navigation/place.ts';

/** Everything reachable by typing a few letters: Ctrl/Cmd+K. */
export function CommandPalette({ onHelp }: { onHelp: () => void }) {
  const profiles = useProfiles().data ?? [];
  const pools = usePools().data ?? {};
  const connect = useConnect();
  const disconnect = useDisconnect();
  const connectAll = useConnectAll();
  const disconnectAll = useDisconnectAll();
  const sample = useStartSample();

  const connections: SpotlightActionGroupData = {
    group: 'Connections',
    actions: profiles.flatMap((profile) => {
      const { profileId, name } = profile;
      const status = pools[profileId] ?? closedPool(profileId);
      const open = status.state === 'open';
      return [
        {
          id: `go-${profileId}`,
          label: `Go to ${name}`,
          description: `${statusWord(poolView(status))} · ${targetOf(profile)}`,
          onClick: () => goToConnection(profileId),
        },
        {
          id: `toggle-${profileId}`,
          label: `${open ? 'Disconnect from' : 'Connect to'} ${name}`,
          onClick: () => (open ? disconnect : connect).mutate(profile),
        },
      ];
    }),
  };
  const general: SpotlightActionGroupData = {
    group: 'Poolscope',
    actions: [
      { id: 'overview', label: 'Overview', onClick: () => go({ screen: 'overview' }) },
      { id: 'add', label: 'Add a connection', onClick: () => go({ screen: 'add' }) },
      {
        id: 'history',
        label: 'History',
        description: 'What is recorded, how long it is kept, what it takes up',
        onClick: () => go({ screen: 'history' }),
      },
      {
        id: 'open-bundle',
        label: 'Open an incident bundle',
        description: 'History of another Poolscope, in one file, read-only',
        onClick: () => void bundleOpener.start(),
      },
      { id: 'connect-all', label: 'Connect all', onClick: () => connectAll.mutate() },
      { id: 'disconnect-all', label: 'Disconnect all', onClick: () => disconnectAll.mutate() },
      ...(sample.unavailable === null && sample.status?.state === 'stopped'
        ? [
            {
              id: 'sample',
              label: 'Try it with a sample database',
              description: 'Starts a PostgreSQL server of its own on this machine',
              onClick: () => sample.start(),
            },
          ]
        : []),
      { id: 'shortcuts', label: 'Keyboard shortcuts', onClick: onHelp },
    ],
  };

  return (
    <Spotlight
      actions={profiles.length > 0 ? [connections, general] : [general]}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      overlayProps={{ blur: 0 }}
      shortcut="mod + K"
      // Also while a field has the focus.
      tagsToIgnore={[]}
      nothingFound="No command matches."
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{ placeholder: 'Type a command or a connection', 'aria-label': 'Commands' }}
    />
  );
}

import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { bundleOpener } from '../bundles/open-bundles.ts';
import { useConnect, useConnectAll, useDisconnect, useDisconnectAll } from '../data/pool-actions.ts';
import { poolView } from '../data/pool-view.ts';
import { closedPool, usePools, useProfiles } from '../data/queries.ts';
import { useStartSample } from '../data/sample-actions.ts';
import { useLinkLost } from '../data/use-link.ts';
import { statusWord } from '../kit/status-badge.tsx';
import { targetOf } from '../kit/target-of.ts';
import { go, usePlace } from '../navigation/place.ts';
import { showTransfer } from '../transfer/transfer-dialogs.ts';
import { jump, useCurrentActions } from './current-actions.ts';

/** Everything reachable by typing a few letters: Ctrl/Cmd+K. */
export function CommandPalette({ onHelp }: { onHelp: () => void }) {
  const profiles = useProfiles().data ?? [];
  const pools = usePools().data ?? {};
  const connect = useConnect();
  const disconnect = useDisconnect();
  const connectAll = useConnectAll();
  const disconnectAll = useDisconnectAll();
  const sample = useStartSample();

  const linkLost = useLinkLost();
  const place = usePlace();
  const current = profiles.find(
    ({ profileId }) => place.screen === 'connection' && place.profileId === profileId,
  );
  const statusOf = ({ profileId }: ProfileView) => pools[profileId] ?? closedPool(profileId);

  const goTo: SpotlightActionGroupData = {
    group: 'Go to',
    actions: [
      ...profiles.map((profile) => ({
        id: `go-${profile.profileId}`,
        label: `Go to ${profile.name}`,
        description: `${statusWord(poolView(statusOf(profile)), linkLost)} · ${targetOf(profile)}`,
        onClick: () => jump({ screen: 'connection', profileId: profile.profileId, tab: 'live' }),
      })),
      ...(profiles.length > 0
        ? [{ id: 'overview', label: 'Overview', onClick: () => jump({ screen: 'overview' }) }]
        : []),
      ...(profiles.length > 0
        ? [
            {
              id: 'query-many',
              label: 'Query many databases',
              description: 'One statement on several connections at once',
              onClick: () => jump({ screen: 'query' }),
            },
          ]
        : []),
      // Its form takes the focus itself.
      { id: 'add', label: 'Add a connection', onClick: () => go({ screen: 'add' }) },
      {
        id: 'import',
        label: 'Import connections',
        description: 'From .env, an address, a connection string, pg_service.conf or an export',
        onClick: () => showTransfer('import'),
      },
      ...(profiles.some(({ kind }) => kind === 'user')
        ? [
            {
              id: 'export',
              label: 'Export connections',
              description: 'As a file that Poolscope imports',
              onClick: () => showTransfer('export'),
            },
          ]
        : []),
    ],
  };
  const others: SpotlightActionGroupData = {
    group: 'Connect and disconnect',
    actions: profiles
      .filter((profile) => profile !== current)
      .map((profile) => {
        const open = statusOf(profile).state === 'open';
        return {
          id: `toggle-${profile.profileId}`,
          label: `${open ? 'Disconnect from' : 'Connect to'} ${profile.name}`,
          onClick: () => (open ? disconnect : connect).mutate(profile),
        };
      }),
  };
  const general: SpotlightActionGroupData = {
    group: 'Poolscope',
    actions: [
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
      ...(profiles.length > 0
        ? [
            { id: 'connect-all', label: 'Connect all', onClick: () => connectAll.mutate() },
            { id: 'disconnect-all', label: 'Disconnect all', onClick: () => disconnectAll.mutate() },
          ]
        : []),
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
  const ofCurrent = useCurrentActions(current, current === undefined ? null : statusOf(current));
  const groups = [goTo, ofCurrent, others, general].filter(({ actions }) => actions.length > 0);

  return (
    <Spotlight
      actions={groups}
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

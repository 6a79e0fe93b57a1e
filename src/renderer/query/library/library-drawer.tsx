import { Drawer, Tabs } from '@mantine/core';
import type { StatementModel } from '../statement/statement-model.ts';
import { HistoryList } from './history-list.tsx';
import classes from './library.module.css';
import { SavedList } from './saved-list.tsx';
import { SlowestList } from './slowest-list.tsx';
import { StatementStatsList } from './statement-stats-list.tsx';

interface Props {
  opened: boolean;
  onClose(): void;
  statement: StatementModel;
  /** Null for the many-databases screen. */
  profileId: string | null;
}

/** What was run before, what was saved, what was slow: each to be put into the editor. */
export function LibraryDrawer({ opened, onClose, statement, profileId }: Props) {
  const take = (text: string, types: readonly (string | null)[], how: 'replace' | 'insert') => {
    onClose();
    // The drawer gives the focus back as it closes; the editor has it last.
    setTimeout(() => statement.take(text, types, how));
  };
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title="Queries"
      size="min(560px, 100vw)"
      padding="md"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the queries' }}
      classNames={{ body: classes.drawer ?? '', content: classes.content ?? '' }}
    >
      <Tabs defaultValue="history" keepMounted={false} className={classes.tabs}>
        <Tabs.List aria-label="Queries">
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="saved">Saved</Tabs.Tab>
          <Tabs.Tab value="slowest">Slowest</Tabs.Tab>
          {profileId !== null && <Tabs.Tab value="server">On the server</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="history" className={classes.panel ?? ''}>
          <HistoryList profileId={profileId} onTake={take} />
        </Tabs.Panel>
        <Tabs.Panel value="saved" className={classes.panel ?? ''}>
          <SavedList statement={statement} onTake={take} />
        </Tabs.Panel>
        <Tabs.Panel value="slowest" className={classes.panel ?? ''}>
          <SlowestList profileId={profileId} onTake={take} />
        </Tabs.Panel>
        {profileId !== null && (
          <Tabs.Panel value="server" className={classes.panel ?? ''}>
            <StatementStatsList profileId={profileId} onTake={take} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Drawer>
  );
}

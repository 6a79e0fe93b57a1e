import { Kbd, Modal } from '@mantine/core';
import { modKey } from './mod-key.ts';
import classes from './shortcuts-help.module.css';

const shortcuts: { keys: string[]; does: string }[] = [
  { keys: [modKey, 'K'], does: 'Commands: go to a connection, add, connect, disconnect' },
  { keys: ['?'], does: 'This list' },
  { keys: ['Esc'], does: 'Leave a field, close what is open, back to the overview' },
  { keys: ['↑', '↓'], does: 'Move within the list of connections or the overview' },
  { keys: ['Home', 'End'], does: 'First and last of a list' },
  { keys: ['Enter'], does: 'Open the chosen connection' },
  { keys: ['Space'], does: 'Pause the live charts, or go on live' },
  { keys: ['←', '→'], does: 'Move between the tabs of a connection' },
];

export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      // A dialog's header is no banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the shortcuts' }}
    >
      <dl className={classes.list}>
        {shortcuts.map(({ keys, does }) => (
          <div className={classes.row} key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} size="xs">
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

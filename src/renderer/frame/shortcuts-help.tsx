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

/** On a chart that has the focus: one that was clicked, or reached with Tab. */
const chartKeys: typeof shortcuts = [
  {
    keys: ['←', '→'],
    does: 'Read one point earlier or later; Page up and down: ten; Home and End: the ends',
  },
  { keys: ['Shift', '← →'], does: 'Select a stretch of time' },
  { keys: ['Enter'], does: 'Zoom into what is selected' },
  { keys: ['Esc'], does: 'Drop the selection or the crosshair, then undo the last zoom' },
  { keys: [',', '.'], does: 'Step to the range before or after' },
  { keys: ['-'], does: 'Zoom out' },
  { keys: ['L'], does: 'Go live' },
  { keys: ['N'], does: 'Add a note at the crosshair or over the selection' },
  { keys: ['T'], does: 'Show the chart as a table' },
  { keys: [modKey, 'C'], does: 'Copy the values at the crosshair' },
  {
    keys: ['Drag'],
    does: 'Zoom in; with Shift only select. A click keeps the crosshair, a double click goes back',
  },
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
      <Keys of={shortcuts} />
      <h3 className={classes.heading}>On a chart</h3>
      <Keys of={chartKeys} />
    </Modal>
  );
}

function Keys({ of }: { of: typeof shortcuts }) {
  return (
    <dl className={classes.list}>
      {of.map(({ keys, does }) => (
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
  );
}

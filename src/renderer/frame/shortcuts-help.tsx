import { Kbd, Modal } from '@mantine/core';
import { modKey } from './mod-key.ts';
import classes from './shortcuts-help.module.css';

interface Shortcut {
  keys: string[];
  does: string;
}

const groups: { title: string; shortcuts: Shortcut[] }[] = [
  {
    title: 'Everywhere',
    shortcuts: [
      { keys: [modKey, 'K'], does: 'Commands: go to a connection, and what can be done with it' },
      { keys: ['?'], does: 'This list' },
      { keys: ['Esc'], does: 'Leave a field, close what is open, back to the overview' },
      { keys: [modKey, 'Z'], does: 'Undo a delete, while that is offered' },
      { keys: ['R'], does: 'Resume a pooler that stands still, while the banner says so' },
    ],
  },
  {
    title: 'Lists and tabs',
    shortcuts: [
      { keys: ['↑', '↓'], does: 'Move within the list of connections, the overview or a table' },
      { keys: ['Home', 'End'], does: 'First and last of a list' },
      { keys: ['PgUp', 'PgDn'], does: 'A page of a table of sessions, clients or settings' },
      { keys: ['Enter'], does: 'Open the chosen connection, or all there is to know of a row' },
      { keys: ['←', '→'], does: 'Move between the tabs of a connection' },
    ],
  },
  {
    title: 'Query',
    shortcuts: [
      { keys: [modKey, 'Enter'], does: 'Run the statement under the cursor, or what is selected' },
      { keys: [modKey, 'Space'], does: 'In the editor: complete' },
      { keys: [modKey, 'F'], does: 'In the editor: find and replace' },
      { keys: ['Shift', '← ↑'], does: 'In a result: select; Ctrl or Cmd with A takes all' },
      { keys: [modKey, 'C'], does: 'In a result: copy for a spreadsheet; with Shift as CSV' },
      { keys: ['Enter'], does: 'In a result: the whole value' },
      { keys: ['Alt', '← →'], does: 'In a result: a narrower or wider column' },
    ],
  },
  {
    title: 'Live charts',
    shortcuts: [
      { keys: ['Space'], does: 'Pause, or go on live' },
      { keys: ['Esc'], does: 'Put the reading away, then undo the last zoom' },
      { keys: ['Enter'], does: 'In a legend: hide or show a series' },
      { keys: ['Shift', 'Enter'], does: 'In a legend: that series alone; Shift and click too' },
    ],
  },
  {
    title: 'In a chart that was clicked or reached with Tab',
    shortcuts: [
      { keys: ['←', '→'], does: 'Read the moment before or after' },
      { keys: ['PgUp', 'PgDn'], does: 'Ten steps at once' },
      { keys: ['Home', 'End'], does: 'The first and the last moment' },
      { keys: ['Shift', '← →'], does: 'Select a stretch of time; with the other keys too' },
      { keys: ['Enter'], does: 'Zoom into what is selected' },
      { keys: [',', '.'], does: 'Step to the range before or after' },
      { keys: ['-'], does: 'Zoom out' },
      { keys: ['L'], does: 'Go live; in a bundle, show the whole of it' },
      { keys: ['N'], does: 'Add a note at the crosshair or over the selection; not in a bundle' },
      { keys: ['T'], does: 'Show the chart as a table' },
      { keys: [modKey, 'C'], does: 'Copy the values at the crosshair' },
    ],
  },
  {
    title: 'With the pointer',
    shortcuts: [
      { keys: ['Drag'], does: 'Zoom in; with Shift only select' },
      { keys: ['Click'], does: 'Keep the crosshair there; once more lets go' },
      { keys: ['Double'], does: 'Double click: undo the last zoom' },
    ],
  },
];

export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size={720}
      // A dialog's header is no banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the shortcuts' }}
    >
      <div className={classes.groups}>
        {groups.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title}>
            <h3 className={classes.title}>{title}</h3>
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
          </section>
        ))}
      </div>
    </Modal>
  );
}

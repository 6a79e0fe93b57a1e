import { ActionIcon, Popover, VisuallyHidden } from '@mantine/core';
import { Info } from 'lucide-react';
import type { FormFieldName } from './field-groups.ts';
import { fieldLabel } from './field-texts.ts';
import { otherNamesOf } from './find-settings.ts';
import classes from './names-elsewhere.module.css';

/** What the setting is called in other libraries, and what differs there: one click away, in no one's way. */
export function NamesElsewhere({ name }: { name: FormFieldName }) {
  const names = otherNamesOf(name);
  if (names.length === 0) return null;
  return (
    <Popover width={360} position="bottom-end" withinPortal shadow="md" trapFocus={false}>
      <Popover.Target>
        <ActionIcon className={classes.button ?? ''} size={24} aria-haspopup="dialog">
          <Info size={13} aria-hidden />
          <VisuallyHidden>Names elsewhere of {fieldLabel(name)}</VisuallyHidden>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Names elsewhere">
        <table className={classes.table}>
          <caption>The same elsewhere</caption>
          <tbody>
            {names.map(({ library, name: written, remark }) => (
              <tr key={library}>
                <th scope="row">{library}</th>
                <td>
                  <code>{written}</code>
                  {remark !== '' && <span className={classes.remark}> {remark}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Popover.Dropdown>
    </Popover>
  );
}

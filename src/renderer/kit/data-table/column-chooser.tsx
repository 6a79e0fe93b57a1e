import { ActionIcon, Checkbox, Popover, Tooltip } from '@mantine/core';
import type { RowData } from '@tanstack/react-table';
import { Columns3 } from 'lucide-react';
import type { ColumnChoice } from './column-choice.ts';
import classes from './data-table.module.css';
import type { TableColumn } from './table-column.ts';

interface Props<Item extends RowData> {
  columns: readonly TableColumn<Item>[];
  choice: ColumnChoice;
  onChoose(key: string, shown: boolean): void;
}

/** Chooses which columns show; at least one does. */
export function ColumnChooser<Item extends RowData>({ columns, choice, onChoose }: Props<Item>) {
  const shownCount = columns.filter(({ key }) => choice[key] !== false).length;
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label="Choose columns">
          <ActionIcon variant="default" size={28} aria-label="Choose columns">
            <Columns3 size={15} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.chooser ?? ''} aria-label="Columns">
        {columns.map(({ key, label, about }) => {
          const shown = choice[key] !== false;
          return (
            <Checkbox
              key={key}
              size="xs"
              label={label}
              title={about}
              checked={shown}
              disabled={shown && shownCount === 1}
              onChange={(event) => onChoose(key, event.currentTarget.checked)}
            />
          );
        })}
      </Popover.Dropdown>
    </Popover>
  );
}

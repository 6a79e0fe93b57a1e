import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { NameRow } from '#shared/model/names.ts';
import classes from './names.module.css';
import type { NamesWindow, ShownRow, WindowState } from './names-window.ts';
import type { InView } from './use-names-window.ts';
import { isNearEnd, isNearStart, rowHeightPx, useRowScroll } from './use-row-scroll.ts';

interface Props {
  window: NamesWindow;
  state: WindowState;
  /** Told which rows are in view. */
  inView: InView;
  selectedId: number | null;
  onSelect(row: NameRow): void;
  onEdit(): void;
  onDelete(): void;
}

/** A line shows the beginning of a long name; all of it stands beside the list once it is selected. */
const shownLength = 300;
const lineOf = (name: string) => (name.length > shownLength ? `${name.slice(0, shownLength)}…` : name);
const rowId = (id: number) => `names-row-${id}`;

/** The rows, drawn where they are in view. Arrow keys choose one, Enter edits it, Delete deletes it. */
export function NamesGrid({ window, state, inView, selectedId, onSelect, onEdit, onDelete }: Props) {
  const { rows, hasBefore, hasAfter, loading } = state;
  const box = useRef<HTMLDivElement>(null);
  const scroll = useRowScroll(box, state);
  const { from, to, firstInView, inView: fitting } = scroll;
  const nearStart = isNearStart(scroll);
  const nearEnd = isNearEnd(scroll, rows.length);

  useEffect(() => {
    inView.current = { from: firstInView, count: fitting };
  }, [inView, firstInView, fitting]);
  useEffect(() => {
    if (loading !== null || rows.length === 0) return;
    // Where both ends are near, the one after comes first: people read downwards.
    if (nearEnd && hasAfter) void window.growAfter();
    else if (nearStart && hasBefore) void window.growBefore();
  }, [window, loading, rows.length, nearStart, nearEnd, hasBefore, hasAfter]);

  const selectedIndex = selectedId === null ? -1 : rows.findIndex(({ id }) => id === selectedId);
  const choose = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return;
    onSelect(row);
    scroll.reveal(rows.indexOf(row));
  };
  const toEnd = async (kind: 'first' | 'last') => {
    if (kind === 'first' ? hasBefore : hasAfter) await window.goTo({ kind });
    const row = window.state().rows.at(kind === 'first' ? 0 : -1);
    if (row === undefined) return;
    onSelect(row);
    if (box.current) box.current.scrollTop = kind === 'first' ? 0 : box.current.scrollHeight;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = selectedIndex < 0 ? firstInView - 1 : selectedIndex;
    const act = actionOf(event.key);
    if (act === null) return;
    event.preventDefault();
    if (act === 'edit') onEdit();
    else if (act === 'delete') onDelete();
    else if (act === 'first' || act === 'last') void toEnd(act);
    else choose(at + (act === 'page' ? fitting - 1 : act === 'pageBack' ? 1 - fitting : act));
  };

  const isDrawn = selectedIndex >= from && selectedIndex < to;
  return (
    <div ref={box} className={classes.grid} data-jump={state.jump} onScroll={scroll.onScroll}>
      <table
        className={classes.gridTable}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are chosen with keys
        role="grid"
        aria-label="Names by id"
        aria-rowcount={hasBefore || hasAfter ? -1 : rows.length + 1}
        aria-busy={loading !== null}
        aria-activedescendant={isDrawn && selectedId !== null ? rowId(selectedId) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            <th scope="col" className={classes.idCell}>
              Id
            </th>
            <th scope="col">Name</th>
          </tr>
        </thead>
        <tbody>
          <Space rows={from} />
          {rows.slice(from, to).map((row) => (
            <GridRow
              key={row.id}
              row={row}
              isSelected={row.id === selectedId}
              onSelect={onSelect}
              onEdit={onEdit}
            />
          ))}
          <Space rows={rows.length - to} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for rows that are not drawn. */
function Space({ rows }: { rows: number }) {
  return rows <= 0 ? null : (
    <tr aria-hidden className={classes.space} style={{ height: rows * rowHeightPx }} />
  );
}

type Action = 'edit' | 'delete' | 'first' | 'last' | 'page' | 'pageBack' | 1 | -1;

function actionOf(key: string): Action | null {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return 'page';
    case 'PageUp':
      return 'pageBack';
    case 'Home':
      return 'first';
    case 'End':
      return 'last';
    case 'Enter':
    case 'F2':
      return 'edit';
    case 'Delete':
      return 'delete';
    default:
      return null;
  }
}

interface RowProps extends Pick<Props, 'onSelect' | 'onEdit'> {
  row: ShownRow;
  isSelected: boolean;
}

function GridRow({ row, isSelected, onSelect, onEdit }: RowProps) {
  return (
    <tr
      id={rowId(row.id)}
      aria-selected={isSelected}
      data-gone={row.isGone}
      onClick={() => onSelect(row)}
      onDoubleClick={onEdit}
    >
      <td className={classes.idCell}>{row.id}</td>
      <td>
        <div className={classes.nameCell}>
          <bdi>{lineOf(row.name)}</bdi>
          {row.isGone && <em className={classes.gone}> deleted by someone else</em>}
        </div>
      </td>
    </tr>
  );
}

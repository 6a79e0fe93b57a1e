/** A row as it shows: as it is now, or (gone) as it last was. */
export interface HeldRow<Item> {
  id: string;
  item: Item;
  gone: boolean;
}

/** More than this many that went would make a table of the dead, and grow without end under a pointer left there. */
const mostGone = 500;

/**
 * The rows in the places they had: what is still there with its new figures, what went dimmed where
 * it stood, what came at the end. Thus nothing moves under a pointer. When very many went they are placed anew.
 */
export function heldInPlace<Item>(
  before: readonly HeldRow<Item>[],
  now: readonly HeldRow<Item>[],
): HeldRow<Item>[] {
  const fresh = new Map(now.map((row) => [row.id, row]));
  const held = before.map((row): HeldRow<Item> => {
    const same = fresh.get(row.id);
    fresh.delete(row.id);
    return same ?? (row.gone ? row : { ...row, gone: true });
  });
  const gone = held.reduce((count, row) => count + (row.gone ? 1 : 0), 0);
  return gone > mostGone ? [...now] : [...held, ...fresh.values()];
}

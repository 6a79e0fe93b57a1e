/** Offers that stand now, oldest first, by the id of their notice. */
const offers = new Map<string, () => void>();

/** Makes it the newest that Ctrl or Cmd with Z takes back. */
export function registerUndo(id: string, undo: () => void): void {
  offers.delete(id);
  offers.set(id, undo);
}

export function withdrawUndo(id: string): void {
  offers.delete(id);
}

/** Takes the newest offer to undo, if there is one. */
export function undoNewest(): boolean {
  const undo = [...offers.values()].at(-1);
  undo?.();
  return undo !== undefined;
}

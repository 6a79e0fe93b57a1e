import { useSyncExternalStore } from 'react';

type Dialog = 'import' | 'export' | null;

let shown: Dialog = null;
const listeners = new Set<() => void>();

/** Opens one of the dialogs that the frame holds, or closes them. */
export function showTransfer(dialog: Dialog): void {
  shown = dialog;
  for (const listener of [...listeners]) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useShownTransfer = (): Dialog => useSyncExternalStore(subscribe, () => shown);

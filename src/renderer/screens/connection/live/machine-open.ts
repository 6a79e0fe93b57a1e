const storageKey = 'poolscope.machine';

/** Whether the charts of this machine were open last; closed at first, and where pages have no storage. */
export function wasMachineOpen(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'open';
  } catch {
    return false;
  }
}

export function rememberMachineOpen(open: boolean): void {
  try {
    localStorage.setItem(storageKey, open ? 'open' : 'closed');
  } catch {
    // The choice holds until the page is closed.
  }
}

/** Puts the focus on the screen as a whole, where what had it is gone. */
export function focusMain(): void {
  document.getElementById('main')?.focus();
}

import { useLayoutEffect } from 'react';
import { undoNewest } from '../data/undo-offers.ts';
import { currentPlace, go } from '../navigation/place.ts';

const editable = 'input, textarea, select, [contenteditable="true"]';
/** While one of these is open, its own Escape closes it. */
const overlays = '[role="dialog"], [role="listbox"], [role="menu"]';

function overlayOpen(): boolean {
  return [...document.querySelectorAll<HTMLElement>(overlays)].some((element) => element.checkVisibility());
}

/** `?` lists the shortcuts; Ctrl or Cmd with Z takes back a delete while that is offered; Escape leaves a field first, then backs out to the overview. */
export function useGlobalKeys(toggleHelp: () => void): void {
  // In the layout phase, so that it hears keys before any dialog does.
  useLayoutEffect(() => {
    let overlayWasOpen = false;
    // Asked on the way down: a menu may be gone by the time the key has come back up.
    const noteOverlay = () => {
      overlayWasOpen = overlayOpen();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing = target?.matches(editable) ?? false;
      if (event.key === '?' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        toggleHelp();
      }
      const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      // In a field it undoes typing.
      if (isUndo && !typing && undoNewest()) event.preventDefault();
      if (event.key === 'Escape' && !overlayWasOpen) {
        if (typing) target?.blur();
        else if (currentPlace().screen !== 'overview') go({ screen: 'overview' });
      }
    };
    // Bubbling on the window: whoever handles a key on the way marks it as handled.
    window.addEventListener('keydown', noteOverlay, { capture: true });
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', noteOverlay, { capture: true });
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [toggleHelp]);
}

import type { KeyboardEvent, RefObject } from 'react';
import { chartAction } from './chart-keys.ts';
import type { ChartPainter } from './chart-painter.ts';
import type { ChartCommands } from './commands.ts';
import { type Crosshair, spanOfSelection } from './crosshair.ts';

interface PlotKeys {
  painter: ChartPainter;
  crosshair: Crosshair;
  commands: ChartCommands;
  /** Where what the crosshair reads is said aloud. */
  announcement: RefObject<HTMLElement | null>;
  onCopy(): void;
  onTable(): void;
}

/** What keys do on a focused plot; those that do nothing here go on to the page. */
export function plotKeys({ painter, crosshair, commands, announcement, onCopy, onTable }: PlotKeys) {
  const say = (text: string) => {
    if (announcement.current !== null) announcement.current.textContent = text;
  };
  return (event: KeyboardEvent<HTMLDivElement>) => {
    const view = painter.view();
    if (view === null) return;
    const { atMs, selection } = crosshair;
    const action = chartAction(event, { atMs, selecting: selection !== null, view });
    if (action === null || (action.does === 'note' && commands.addNote === null)) return;
    // What was selected as text is what the user means to copy.
    if (action.does === 'copy' && window.getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    event.stopPropagation();
    switch (action.does) {
      case 'move':
        crosshair.select(null);
        crosshair.pin(action.atMs);
        return say(painter.spoken());
      case 'select': {
        const anchorMs = selection?.anchorMs ?? atMs ?? action.atMs;
        crosshair.select({ anchorMs, headMs: action.atMs });
        crosshair.pin(action.atMs);
        return say(`Selected to ${painter.spoken()}`);
      }
      case 'zoom':
        if (selection !== null) commands.zoomTo(spanOfSelection(selection, view.bucketMs));
        return say('Zoomed in. Escape goes back.');
      case 'clear':
        crosshair.clear();
        return say('');
      case 'copy':
        return onCopy();
      case 'table':
        return onTable();
      case 'earlier':
        return commands.step(-1);
      case 'later':
        return commands.step(1);
      case 'zoomOut':
        return commands.zoomOut();
      case 'goLive':
        return commands.goLive();
      case 'note':
        return commands.addNote?.();
    }
  };
}

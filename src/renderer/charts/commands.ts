import type { Span } from '../ranges/range.ts';

/** What a chart asks of the screen it stands on. */
export interface ChartCommands {
  zoomTo(span: Span): void;
  /** Undoes the last zoom; false when there was none. */
  back(): boolean;
  step(direction: -1 | 1): void;
  zoomOut(): void;
  goLive(): void;
  /** Opens the form for a note, at the crosshair or over the selection; null where none can be added. */
  addNote: (() => void) | null;
}

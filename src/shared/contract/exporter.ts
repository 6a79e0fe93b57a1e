import { route } from './define.ts';
import { timeRangeSchema } from './history.ts';

/**
 * Where an export went. The Electron shell saves through a dialog; the web shell answers with a
 * one-time address on its own origin, which the renderer follows to download the file.
 */
export type SaveOutcome =
  | { kind: 'saved'; path: string }
  | { kind: 'download'; url: string; fileName: string }
  | { kind: 'cancelled' };

export const exporterRoutes = {
  /** Every sample of the range as CSV (RFC 4180, UTC times, units in the headers). */
  'exporter.csv': route<SaveOutcome>()(timeRangeSchema),
};

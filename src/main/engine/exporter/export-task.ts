import type { ExportFormat, ExportResolution } from '#shared/contract/exporter.ts';

/** Everything an export thread needs to know; made when the export is asked for. */
export interface ExportTask {
  /** The history database; null when only memory has samples. */
  historyFile: string | null;
  profiles: ExportedProfile[];
  fromMs: number;
  toMs: number;
  output: TableOutput | BundleOutput;
  /** Of a table of samples: which of its hours, where several threads share them. All where absent. */
  share?: ExportShare;
}

/** Every `of`-th hour, beginning with the one of this index. Each is one piece, also when it is empty. */
export interface ExportShare {
  index: number;
  of: number;
}

export interface TimeSpan {
  fromMs: number;
  toMs: number;
}

export interface ExportedProfile {
  profileId: string;
  name: string;
  /** What is older is on disk, all else in `runs`. */
  splitMs: number;
  /** Samples packed as memory keeps them; some may lie outside of the range. */
  runs: Uint8Array[];
  /** Samples on disk lie within, as the inspection found; null for none, absent where nobody looked. */
  recorded?: TimeSpan | null;
}

export interface TableOutput {
  kind: 'table';
  format: ExportFormat;
  resolution: ExportResolution;
}

export interface BundleOutput {
  kind: 'bundle';
  writtenBy: string;
  writtenAtMs: number;
  /** Settings of each profile, by name, as text; in the order of the profiles. */
  settings: Record<string, string>[];
}

/** A part of the file, and how many rows are in it. */
export interface ExportPiece {
  bytes: Uint8Array;
  rows: number;
}

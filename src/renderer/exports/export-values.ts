import type { ExportFormat, ExportResolution } from '#shared/contract/exporter.ts';
import type { HistoryStorage } from '#shared/contract/history-storage.ts';

export type FileFormat = ExportFormat | 'bundle';
export interface Span {
  fromMs: number;
  toMs: number;
}

/** What the export dialog asks for, as it is filled in. */
export interface ExportValues {
  connections: 'this' | 'several' | 'all';
  /** Those ticked, for `several`. */
  several: readonly string[];
  range: 'shown' | 'typed';
  /** As a `datetime-local` input holds them: local time. */
  from: string;
  to: string;
  format: FileFormat;
  resolution: ExportResolution['kind'];
  /** For `bucketed`. */
  bucketMs: number;
}

/** What the values are checked against. */
export interface ExportContext {
  /** The connection the dialog was opened from; null where there is none. */
  thisId: string | null;
  allIds: readonly string[];
  /** The window the charts show; null where there is none. */
  shown: Span | null;
  nowMs: number;
}

/** A sentence for each field that cannot be exported as it stands. */
export type ExportErrors = Partial<Record<'connections' | 'from' | 'to', string>>;

/** What is asked of the engine. */
export interface ExportRequest extends Span {
  profileIds: string[];
  format: FileFormat;
  resolution: ExportResolution;
}

/** The values as a request, or what is wrong with them. */
export function requestOf(
  values: ExportValues,
  context: ExportContext,
): { request: ExportRequest } | { errors: ExportErrors } {
  const errors: ExportErrors = {};
  const profileIds = idsOf(values, context);
  if (profileIds.length === 0) errors.connections = 'Choose at least one connection.';
  const span = values.range === 'shown' ? context.shown : typedSpan(values, context.nowMs, errors);
  if (span === null || Object.keys(errors).length > 0) return { errors };
  const { format, bucketMs } = values;
  const resolution: ExportResolution =
    format === 'bundle' || values.resolution === 'raw'
      ? { kind: 'raw' }
      : values.resolution === 'rollup'
        ? { kind: 'rollup' }
        : { kind: 'bucketed', bucketMs };
  // The engine takes whole milliseconds; a view may end between two.
  const range = { fromMs: Math.floor(span.fromMs), toMs: Math.ceil(span.toMs) };
  return { request: { ...range, profileIds, format, resolution } };
}

function idsOf({ connections, several }: ExportValues, { thisId, allIds }: ExportContext): string[] {
  if (connections === 'all') return [...allIds];
  if (connections === 'several') return allIds.filter((id) => several.includes(id));
  return thisId === null ? [] : [thisId];
}

function typedSpan({ from, to }: ExportValues, nowMs: number, errors: ExportErrors): Span | null {
  const fromMs = msOfInput(from);
  const toMs = msOfInput(to);
  if (fromMs === null) errors.from = 'Enter the day and time at which the range starts.';
  else if (fromMs >= nowMs) errors.from = 'This lies in the future; nothing is recorded there yet.';
  if (toMs === null) errors.to = 'Enter the day and time at which the range ends.';
  else if (fromMs !== null && toMs <= fromMs) errors.to = 'The range must end after it starts.';
  return fromMs === null || toMs === null ? null : { fromMs, toMs };
}

const two = (value: number) => String(value).padStart(2, '0');

/** A moment as the value of a `datetime-local` input with seconds, in local time. */
export function inputOfMs(atMs: number): string {
  const at = new Date(atMs);
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The moment a `datetime-local` input holds; null when it is empty, incomplete or before 1970. */
export function msOfInput(text: string): number | null {
  const atMs = /^\d{4,6}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text).getTime() : Number.NaN;
  return atMs >= 0 ? atMs : null;
}

const dayMs = 24 * 60 * 60_000;
/** A connection whose newest sample is younger than this is being recorded now. */
const recordingWithinMs = 120_000;

/**
 * About how many rows a request comes to, at one sample a second, by what the history says it
 * holds; an upper bound, since gaps are not known here. Without `storage`, as if all was recorded.
 */
export function expectedRows(
  { profileIds, fromMs, toMs, resolution }: ExportRequest,
  storage: Pick<HistoryStorage, 'profiles' | 'retention'> | undefined,
  nowMs: number,
): number {
  const stepMs = { raw: 1000, rollup: 60_000, bucketed: 0 }[resolution.kind];
  const rowMs = resolution.kind === 'bucketed' ? resolution.bucketMs : stepMs;
  const rawSinceMs = storage === undefined ? 0 : nowMs - storage.retention.rawDays * dayMs;
  let rows = 0;
  for (const profileId of profileIds) {
    const held = storage?.profiles.find((profile) => profile.profileId === profileId);
    if (storage !== undefined && (held === undefined || held.oldestAtMs === null)) continue;
    const newestMs = held?.newestAtMs ?? nowMs;
    const endMs = nowMs - newestMs < recordingWithinMs ? nowMs : newestMs;
    const start = Math.max(fromMs, held?.oldestAtMs ?? 0, resolution.kind === 'raw' ? rawSinceMs : 0);
    rows += Math.max(0, Math.ceil((Math.min(toMs, endMs) - start) / rowMs));
  }
  return rows;
}

import type { ExportFormat, ExportResolution } from '#shared/contract/exporter.ts';
import type { HistoryStorage } from '#shared/contract/history-storage.ts';
import { parseRange } from '../ranges/parse-range.ts';
import { boundsOf, type Span } from '../ranges/range.ts';
import { formatStamp, fromPickerValue, toPickerValue } from '../time/clock.ts';
import type { Zone } from '../time/zone.ts';

export type FileFormat = ExportFormat | 'bundle';

/** What the export dialog asks for, as it is filled in. */
export interface ExportValues {
  connections: 'this' | 'several' | 'all';
  /** Those ticked, for `several`. */
  several: readonly string[];
  range: 'shown' | 'typed';
  /** In words, as the range box of the charts takes them. */
  text: string;
  /** The same as two `datetime-local` inputs hold it, in the app's zone. */
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
  /** The range the charts show; null where there is none. */
  shown: Span | null;
  nowMs: number;
  zone: Zone;
}

/** A sentence for each field that cannot be exported as it stands. */
export type ExportErrors = Partial<Record<'connections' | 'range', string>>;

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
  const span = spanOf(values, context);
  if ('problem' in span) errors.range = span.problem;
  if ('problem' in span || Object.keys(errors).length > 0) return { errors };
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

/** The span meant, or a sentence why there is none. */
export function spanOf(
  { range, text, from, to }: ExportValues,
  { shown, nowMs, zone }: ExportContext,
): Span | { problem: string } {
  if (range === 'shown') return shown ?? { problem: 'Choose a range.' };
  if (text === '' && (from === '' || to === '')) {
    return { problem: `Set the ${from === '' ? 'start' : 'end'} to a day and a time, or type a range.` };
  }
  const parsed = parseRange(text, { nowMs, zone });
  return parsed.ok ? boundsOf(parsed.range, nowMs) : { problem: parsed.message };
}

/** What changes when a range is typed: the two pickers follow as soon as it can be read. */
export function typed(text: string, { nowMs, zone }: ExportContext): Partial<ExportValues> {
  const parsed = parseRange(text, { nowMs, zone });
  return parsed.ok ? { text, ...pickersOf(boundsOf(parsed.range, nowMs), zone) } : { text };
}

/** What changes when a picker is set: the words follow as soon as both are. */
export function picked({ from, to }: Pick<ExportValues, 'from' | 'to'>, zone: Zone): Partial<ExportValues> {
  const [fromMs, toMs] = [fromPickerValue(from, zone), fromPickerValue(to, zone)];
  const whole = fromMs !== null && toMs !== null;
  return { from, to, text: whole ? wordsOf({ fromMs, toMs }, zone) : '' };
}

/** A span as the pickers hold it. */
export const pickersOf = ({ fromMs, toMs }: Span, zone: Zone) => ({
  from: toPickerValue(fromMs, zone),
  to: toPickerValue(toMs, zone),
});

/** A span in words that can be read back. */
export const wordsOf = ({ fromMs, toMs }: Span, zone: Zone): string =>
  `${formatStamp(fromMs, zone)} to ${formatStamp(toMs, zone)}`;

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

import { formatMoment, formatStamp } from '../time/clock.ts';
import { startOfDay } from '../time/zone.ts';
import { parseLength } from './parse-length.ts';
import { type Moment, type ParseContext, parseMoment, RangeProblem, resolveMoment } from './parse-moment.ts';
import { leastSpanMs, type Range, reachMs, type Span } from './range.ts';

type Parsed = { ok: true; range: Range } | { ok: false; message: string };

/**
 * Reads a typed range: a length that ends now ("13h", "last 3 days"), a day ("yesterday"), or a
 * start and an end ("yesterday 9:00 to 10:30", "now-2h to now-1h"). What cannot be a range is
 * answered with a sentence that says why.
 */
export function parseRange(typed: string, { nowMs, zone }: ParseContext): Parsed {
  try {
    // Ranges are of whole seconds: half an hour must not become a second more at both ends.
    const context = { zone, nowMs: Math.ceil(nowMs / 1000) * 1000 };
    return { ok: true, range: rangeOf(normalised(typed), context) };
  } catch (error) {
    if (error instanceof RangeProblem) return { ok: false, message: error.message };
    throw error;
  }
}

/** Checks a span as a person gave it; null when it can be shown, else a sentence. */
export function spanProblem({ fromMs, toMs }: Span, context: ParseContext): string | null {
  const { nowMs, zone } = context;
  const at = (ms: number) => formatMoment(ms, { zone, nowMs, seconds: ms % 60_000 !== 0 });
  if (toMs === fromMs) return `The range starts and ends at ${at(fromMs)}.`;
  if (toMs < fromMs) {
    return `The range ends (${at(toMs)}) before it starts (${at(fromMs)}). Name the day of both if they differ.`;
  }
  if (fromMs >= nowMs) return `${at(fromMs)} is in the future; now it is ${at(nowMs)}.`;
  if (toMs > nowMs + 1000)
    return `${at(toMs)} is in the future; the range can end now, at ${at(nowMs)}, at the latest.`;
  if (nowMs - fromMs > reachMs) return tooLongAgo(fromMs, context);
  if (toMs - fromMs < leastSpanMs) return 'A range takes at least 10 seconds.';
  return null;
}

function tooLongAgo(fromMs: number, { nowMs, zone }: ParseContext): string {
  const years = Math.floor((nowMs - fromMs) / (365.25 * 86_400_000));
  const day = formatStamp(Math.max(fromMs, -6e13), zone).slice(0, -9);
  return `${day} is ${years} years ago; a range can start ten years ago at most.`;
}

function normalised(typed: string): string {
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ').replace(/[–—]/g, ' to ').replace(/\s+/g, ' ');
  if (text === '') throw new RangeProblem('Type a range, such as “13h” or “yesterday 9:00 to 10:30”.');
  if (text.length > 100) throw new RangeProblem('That is too long for a range.');
  const joined = text.replace(/ ?(?:\.\.+|…) ?/g, ' to ').replace(/(\d|[ap]m) - (?=\S)/g, '$1 to ');
  // "9:00-10:30"; but the end of "T09:00-05:00" is a zone.
  return /\dt\d/.test(joined) ? joined : joined.replace(/(:\d\d|[ap]m)-(?=\d)/g, '$1 to ');
}

function rangeOf(text: string, context: ParseContext): Range {
  const { nowMs } = context;
  const spanMs = lengthEndingNow(text);
  if (spanMs !== null) return liveRange(spanMs, context);

  const plain = text.replace(/^from /, '').replace(/^between (.+) and (.+)$/, '$1 to $2');
  const since = /^since (.+)$/.exec(plain);
  if (since !== null)
    return fixed(parseMoment(since[1] ?? '', context), { kind: 'exact', atMs: nowMs }, context);
  const lasting = /^(.+) for (.+)$/.exec(plain);
  if (lasting !== null) return fixedFor(lasting[1] ?? '', lasting[2] ?? '', context);
  const [startText, endText, ...more] = plain.split(/ (?:to|until|till) /);
  if (startText === undefined || more.length > 0) {
    throw new RangeProblem('A range has one start and one end, as in “yesterday 9:00 to 10:30”.');
  }
  const start = parseMoment(startText, context);
  if (endText === undefined) return oneMoment(start, startText, context);
  const end = parseMoment(endText, context);
  if (start.kind === 'exact' && end.kind === 'exact' && end.atMs === nowMs && start.atMs < nowMs) {
    return liveRange(nowMs - start.atMs, context);
  }
  return fixed(start, end, context);
}

/** The length of "13h", "last 3 days", "past hour"; null for anything else. */
function lengthEndingNow(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) {
    throw new RangeProblem(`Say what ${text} counts: “${text}m”, “${text}h” or “${text}d”.`);
  }
  const match = /^(?:(last|past|previous) )?(.+)$/.exec(text);
  return parseLength(match?.[2] ?? '', { bare: match?.[1] !== undefined });
}

function liveRange(lengthMs: number, context: ParseContext): Range {
  const spanMs = Math.round(lengthMs / 1000) * 1000;
  if (spanMs > reachMs) throw new RangeProblem(tooLongAgo(context.nowMs - spanMs, context));
  if (spanMs < leastSpanMs) throw new RangeProblem('A range takes at least 10 seconds.');
  return { kind: 'live', spanMs };
}

/** A day stands for the whole of it; a time alone is no range. */
function oneMoment(moment: Moment, text: string, context: ParseContext): Range {
  if (moment.kind === 'wall' && moment.day !== null && moment.time === null) {
    return fixed(moment, moment, context);
  }
  throw new RangeProblem(`Say when it ends: “${text} to …”, “${text} for 30m” or “since ${text}”.`);
}

function fixedFor(startText: string, lengthText: string, context: ParseContext): Range {
  const lengthMs = parseLength(lengthText, { bare: true });
  if (lengthMs === null) throw new RangeProblem(`“${lengthText}” is not a length. Try “30m” or “2h”.`);
  const start = parseMoment(startText, context);
  const fromMs = resolveMoment(start, 'start', null, context.nowMs);
  return fixed({ kind: 'exact', atMs: fromMs }, { kind: 'exact', atMs: fromMs + lengthMs }, context);
}

/** A day said once holds for both ends. What reaches into the rest of today is cut off at now. */
function fixed(start: Moment, end: Moment, context: ParseContext): Range {
  const { nowMs, zone } = context;
  const dayOf = (moment: Moment) => (moment.kind === 'exact' ? moment.atMs : (moment.day?.startMs ?? null));
  const fromMs = resolveMoment(start, 'start', dayOf(end), nowMs);
  const wantedMs = resolveMoment(end, 'end', dayOf(start), nowMs);
  const cut = fromMs < nowMs && wantedMs > nowMs && wantedMs <= startOfDay(nowMs, zone, 1);
  const toMs = cut ? nowMs : wantedMs;
  const problem = spanProblem({ fromMs, toMs }, context);
  if (problem !== null) throw new RangeProblem(problem);
  return { kind: 'fixed', fromMs: Math.floor(fromMs / 1000) * 1000, toMs: Math.ceil(toMs / 1000) * 1000 };
}

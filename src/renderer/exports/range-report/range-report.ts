import { type Advice, verdictWords } from '#shared/model/advice.ts';
import { type Bucket, mergeBuckets } from '#shared/model/bucket.ts';
import { percentileMs } from '#shared/model/histogram.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { formatCount, formatDuration, formatPercent, noValue } from '../../charts/formats.ts';
import type { SeriesView } from '../../charts/series.ts';
import { formatSpanWithZone, formatStampWithZone } from '../../time/clock.ts';
import type { Zone } from '../../time/zone.ts';
import { eventsUnreadable, eventWords, noEvents, noSamples } from '../report/event-line.ts';
import { bucketsWithin, keyFigures } from '../report/key-figures.ts';
import type { Block, ReportDocument } from './report-document.ts';

/** What is known of one pool in the range. */
export interface PoolReport {
  name: string;
  /** `user@host:port/database`. */
  target: string;
  view: SeriesView;
  /** Null where they could not be read. */
  events: readonly HistoryEvent[] | null;
  advice: Advice | null;
  /** Why something is missing; null when all was read. */
  problem: string | null;
}

export interface RangeReport {
  fromMs: number;
  toMs: number;
  madeAtMs: number;
  zone: Zone;
  pools: readonly PoolReport[];
}

/** A range's summary: every pool with its size, waits, errors, incidents and advice. */
export function reportDocument({ fromMs, toMs, madeAtMs, zone, pools }: RangeReport): ReportDocument {
  const blocks: Block[] = [
    {
      kind: 'text',
      text: `${formatSpanWithZone(fromMs, toMs, zone)} (${formatDuration(toMs - fromMs)}). Made at ${formatStampWithZone(madeAtMs, zone)}.`,
    },
    {
      kind: 'table',
      label: 'Pools',
      header: [
        'Connection',
        'Size',
        'Used, highest',
        'Busy minute',
        'Wait p95',
        'Timeouts',
        'Errors',
        'Advice',
      ],
      rows: pools.map(summaryRow),
    },
    ...pools.flatMap((pool) => poolBlocks(pool, zone)),
  ];
  return { title: 'Poolscope report', blocks };
}

function allOf(view: SeriesView): Bucket | null {
  const [first, ...others] = bucketsWithin(view);
  return first === undefined ? null : others.reduce(mergeBuckets, first);
}

function summaryRow({ name, view, advice }: PoolReport): string[] {
  const all = allOf(view);
  const adviceWords = advice === null ? noValue : inBrief(advice);
  if (all === null) return [name, sizeOf(advice), noValue, noValue, noValue, noValue, noValue, adviceWords];
  const waitMs = percentileMs(all.waitMs, 0.95);
  return [
    name,
    sizeOf(advice),
    formatCount(all.used.max),
    advice === null || advice.demand === null
      ? noValue
      : formatPercent(Math.min(9.99, advice.demand.load / advice.settings.max)),
    waitMs === null ? noValue : formatDuration(waitMs),
    formatCount(all.waitTimeouts + all.connectTimeouts),
    formatCount(all.connectFailures + all.connectionErrors),
    adviceWords,
  ];
}

const sizeOf = (advice: Advice | null): string =>
  advice === null ? noValue : `${advice.settings.min} to ${advice.settings.max}`;

function inBrief({ verdict, settings, recommended }: Advice): string {
  const { min, max } = recommended ?? settings;
  const differs = min !== settings.min || max !== settings.max;
  return differs ? `${verdictWords[verdict]}: ${min} to ${max}` : verdictWords[verdict];
}

function poolBlocks({ name, target, view, events, advice, problem }: PoolReport, zone: Zone): Block[] {
  const figures = keyFigures(view);
  return [
    { kind: 'heading', level: 2, text: name },
    { kind: 'text', text: target },
    ...(problem === null ? [] : [{ kind: 'text' as const, text: problem }]),
    figures.length === 0
      ? { kind: 'text', text: noSamples }
      : {
          kind: 'table',
          label: `Figures of ${name}`,
          header: ['Figure', 'Value'],
          rows: figures.map(({ label, value }) => [label, value]),
        },
    ...(advice === null ? [] : adviceBlocks(advice)),
    { kind: 'heading', level: 3, text: 'Incidents' },
    ...eventBlocks(events, zone),
  ];
}

function adviceBlocks(advice: Advice): Block[] {
  const { verdict, headline, missing, reasons, steps, bound, confidence, demand } = advice;
  const items = [
    ...missing,
    ...reasons,
    ...steps.map((step) => `To do: ${step}`),
    ...(demand === null ? [] : [bound.sentence]),
    ...(confidence === null ? [] : [`Confidence: ${confidence.level}. ${confidence.reasons.join(' ')}`]),
  ];
  return [
    { kind: 'heading', level: 3, text: 'Advice' },
    { kind: 'text', text: `${verdictWords[verdict]}. ${headline}` },
    ...(items.length === 0 ? [] : [{ kind: 'list' as const, items }]),
  ];
}

function eventBlocks(events: readonly HistoryEvent[] | null, zone: Zone): Block[] {
  if (events === null) return [{ kind: 'text', text: eventsUnreadable }];
  if (events.length === 0) return [{ kind: 'text', text: noEvents }];
  return [{ kind: 'list', items: events.map((event) => eventWords(event, zone).join('')) }];
}

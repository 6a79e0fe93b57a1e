import type { Database } from 'better-sqlite3';
import type { Bucket } from '#shared/model/bucket.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { MachineSample } from '#shared/model/machine.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { ThreadHandlers } from '../../base/thread-calls.ts';
import { readEvents } from './events-table.ts';
import { answerableBucketMs, foldRange, type Span } from './fold-range.ts';
import { type MachineQuery, readMachineSamples } from './machine-minutes.ts';
import { openForReading } from './open-database.ts';
import { type PoolerPast, type PoolerQuery, readPoolerPoints } from './pooler-minutes.ts';
import { findSeries, type Series } from './series-table.ts';
import { readSessionPoints } from './session-minutes.ts';
import { dayMs, hourMs, minuteMs } from './windows.ts';

export interface FoldedRange {
  /** The length used: as asked for, or longer where only rollups are. */
  bucketMs: number;
  buckets: Bucket[];
}

export type ReaderCalls = {
  /** Any other call opens the file as well; this one does so ahead of time. */
  open: { input: null; answer: null };
  /** Answers with a FoldedRange as JSON: cloning its many small arrays takes three times as long. */
  range: { input: Span & { profileId: string; bucketMs: number }; answer: string };
  events: { input: Span & { profileIds: string[] | null }; answer: HistoryEvent[] };
  sessionPoints: { input: Span & { profileIds: string[]; bucketMs: number }; answer: SessionsPoint[] };
  poolerPoints: { input: PoolerQuery & { beforeMs: number }; answer: PoolerPast };
  machineSamples: { input: MachineQuery; answer: MachineSample[] };
  close: { input: null; answer: null };
};

const warmUps = [
  [3 * hourMs, 5 * minuteMs],
  [2 * dayMs, 3 * hourMs],
] as const;
const warmUpRounds = 16;

/**
 * Reads the last hours of one pool many times over, in steps of some milliseconds: code that has run is
 * several times as fast, and the user's first question should not be the one to pay for that.
 */
function* warmUp(db: Database): Generator<void, void, undefined> {
  const series = db.prepare<[], Series>('SELECT * FROM series ORDER BY last_at_ms DESC LIMIT 1').get();
  if (series === undefined || series.last_at_ms === null) return;
  const toMs = series.last_at_ms;
  for (let round = 0; round < warmUpRounds; round += 1) {
    for (const [spanMs, bucketMs] of warmUps) {
      JSON.stringify(foldRange(db, series, { fromMs: toMs - spanMs, toMs }, bucketMs));
      yield;
    }
  }
}

/** What the `range` call of a reader answered with. */
export const foldedRangeOf = (answer: string): FoldedRange => JSON.parse(answer) as FoldedRange;

/** A thread that only reads: however long a range takes, no tick waits for it. */
export function createReader(file: string): ThreadHandlers<ReaderCalls> {
  let db: Database | null = null;
  const open = () => {
    db ??= openForReading(file);
    return db;
  };
  return {
    open() {
      const warming = warmUp(open());
      // What is wrong with the file shows at once; a question that comes meanwhile waits for one step.
      warming.next();
      const goOn = () => {
        if (db === null) return;
        try {
          if (warming.next().done !== true) setImmediate(goOn);
        } catch {
          // Whoever asks for these rows is told.
        }
      };
      setImmediate(goOn);
      return null;
    },
    range({ profileId, fromMs, toMs, bucketMs: wanted }) {
      const series = findSeries(open(), profileId);
      const folded: FoldedRange = { bucketMs: wanted, buckets: [] };
      if (series !== null) {
        const span = { fromMs, toMs };
        folded.bucketMs = answerableBucketMs(open(), series, span, wanted);
        folded.buckets = foldRange(open(), series, span, folded.bucketMs);
      }
      return JSON.stringify(folded);
    },
    events: ({ profileIds, fromMs, toMs }) => readEvents(open(), profileIds, fromMs, toMs),
    sessionPoints: (query) => readSessionPoints(open(), query),
    poolerPoints: (query) => readPoolerPoints(open(), query),
    machineSamples: (query) => readMachineSamples(open(), query),
    close() {
      db?.close();
      db = null;
      return null;
    },
  };
}

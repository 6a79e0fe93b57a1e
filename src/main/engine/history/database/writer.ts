import type { Database } from 'better-sqlite3';
import type { DeletedHistory, HistoryRetention } from '#shared/contract/history-storage.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { EngineError } from '../../base/errors.ts';
import { failureOf, type ThreadFailure, type ThreadHandlers } from '../../base/thread-calls.ts';
import { type CompactProgress, compact } from './compact.ts';
import { countScope, type DeleteScope, deleteScope } from './delete-scope.ts';
import { addEvent, deleteNote } from './events-table.ts';
import { appendMachineMinute, type MachineMinute } from './machine-minutes.ts';
import { openForWriting } from './open-database.ts';
import { appendPoolerMinute, type RecordedPoolerMinute } from './pooler-minutes.ts';
import { Recorder } from './recorder.ts';
import { expiredScope, readRetention, writeRetention } from './retention.ts';
import { appendSessionMinute, type SessionMinute } from './session-minutes.ts';
import { measureStorage, type StoredSizes } from './storage.ts';
import type { TickBatch } from './tick-batch.ts';
import { hourMs } from './windows.ts';

/** What was there when the file was opened. */
export interface OpenedHistory {
  /** The newest sample of each connection. */
  lastAtMs: Record<string, number>;
}

export type WriterCalls = {
  open: { input: { file: string }; answer: OpenedHistory };
  append: { input: TickBatch; answer: null };
  appendSessions: { input: SessionMinute; answer: null };
  appendPooler: { input: RecordedPoolerMinute; answer: null };
  appendMachine: { input: MachineMinute; answer: null };
  addEvent: { input: HistoryEvent; answer: null };
  deleteNote: { input: { eventId: string }; answer: HistoryEvent | null };
  storage: { input: null; answer: StoredSizes };
  setRetention: { input: { retention: HistoryRetention; nowMs: number }; answer: StoredSizes };
  deleteScope: { input: { scope: DeleteScope; dryRun: boolean }; answer: DeletedHistory };
  compact: { input: null; answer: { beforeBytes: number; afterBytes: number } };
  close: { input: null; answer: null };
};

export interface WriterEvents {
  compactProgress: CompactProgress;
  /** Work between the ticks failed; a tick will meet the same fault, or the file is damaged. */
  trouble: ThreadFailure;
}

/** Each takes some milliseconds; spread like this, all are through a minute after the window. */
const ticksToSealAll = 60;
const expiryEveryMs = hourMs;
/** Between two ticks of a run: the clock was set, or the computer slept. */
const clockJumpMs = hourMs;
/** The log stays small, and a tick seldom waits for a checkpoint. */
const ticksPerCheckpoint = 60;
/** Free pages are filled again by themselves; only what retention freed beyond this share goes at once. */
const toleratedFreeShare = 0.1;
const pagesPerStep = 256;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The one thread that writes. Everything long happens in steps, so that ticks get their turn. */
export function createWriter(
  tell: <E extends keyof WriterEvents>(name: E, payload: WriterEvents[E]) => void,
): ThreadHandlers<WriterCalls> {
  let opened: { db: Database; recorder: Recorder } | null = null;
  let isTidying = false;
  let expiredAtMs = Number.NEGATIVE_INFINITY;
  let tickedAtMs = Number.NaN;
  let ticks = 0;

  const open = () => {
    if (opened === null) throw new Error('The history is not open.');
    return opened;
  };
  const pauseUnless = (signal: AbortSignal) => async () => {
    await turn();
    if (signal.aborted) throw new EngineError('cancelled', 'Cancelled.');
  };

  async function tidy(nowMs: number): Promise<void> {
    if (isTidying) return;
    isTidying = true;
    try {
      await turn();
      if (opened === null) return;
      const { db, recorder } = opened;
      recorder.sealDue(nowMs, Math.ceil(recorder.series.count / ticksToSealAll));
      ticks += 1;
      if (ticks % ticksPerCheckpoint === 0) db.pragma('wal_checkpoint(PASSIVE)');
      // A clock that is set wrong makes all history look old; it has an hour to be set right again.
      if (Math.abs(nowMs - tickedAtMs) > clockJumpMs) expiredAtMs = nowMs;
      tickedAtMs = nowMs;
      if (Math.abs(nowMs - expiredAtMs) >= expiryEveryMs) {
        expiredAtMs = nowMs;
        await expire(db, recorder, nowMs);
      }
    } catch (error) {
      tell('trouble', failureOf(error));
    } finally {
      isTidying = false;
    }
  }

  async function expire(db: Database, recorder: Recorder, nowMs: number): Promise<void> {
    // After weeks off, the last minutes before that are still open: their rollups are due first.
    while (recorder.sealDue(nowMs, 1)) await turn();
    await deleteScope(db, recorder, expiredScope(readRetention(db), nowMs), turn);
    const pages = db.pragma('page_count', { simple: true }) as number;
    while (
      opened !== null &&
      (db.pragma('freelist_count', { simple: true }) as number) > pages * toleratedFreeShare
    ) {
      db.pragma(`incremental_vacuum(${pagesPerStep})`);
      await turn();
    }
  }

  return {
    open({ file }) {
      const db = openForWriting(file);
      try {
        opened = { db, recorder: new Recorder(db) };
      } catch (error) {
        db.close();
        throw error;
      }
      return { lastAtMs: newestSamples(opened.recorder) };
    },
    append(batch) {
      open().recorder.append(batch);
      void tidy(batch.atMs);
      return null;
    },
    appendSessions(minute) {
      appendSessionMinute(open().db, open().recorder.series, minute);
      return null;
    },
    appendPooler(recorded) {
      appendPoolerMinute(open().db, open().recorder.series, recorded);
      // Where no pool is open, no tick comes that would see to what is too old.
      void tidy(recorded.minute.total.atMs);
      return null;
    },
    appendMachine(minute) {
      appendMachineMinute(open().db, open().recorder.series, minute);
      void tidy(minute[0].atMs);
      return null;
    },
    addEvent(event) {
      addEvent(open().db, event);
      return null;
    },
    deleteNote: ({ eventId }) => deleteNote(open().db, eventId),
    storage: () => measureStorage(open().db, open().recorder),
    async setRetention({ retention, nowMs }) {
      const { db, recorder } = open();
      writeRetention(db, retention);
      await expire(db, recorder, nowMs);
      return measureStorage(db, recorder);
    },
    async deleteScope({ scope, dryRun }, signal) {
      const { db, recorder } = open();
      const counted = countScope(db, recorder, scope);
      if (!dryRun) await deleteScope(db, recorder, scope, pauseUnless(signal));
      return { ...counted, dryRun };
    },
    compact(_input, signal) {
      return compact(open().db, (progress) => tell('compactProgress', progress), pauseUnless(signal));
    },
    close() {
      const closing = opened;
      opened = null;
      closing?.db.close();
      return null;
    },
  };
}

function newestSamples(recorder: Recorder): Record<string, number> {
  const openRuns = recorder.openSamples();
  const newest: Record<string, number> = {};
  for (const {
    series_id: seriesId,
    profile_id: profileId,
    last_at_ms: sealedAtMs,
  } of recorder.series.all()) {
    const atMs = Math.max(sealedAtMs ?? 0, openRuns.get(seriesId)?.lastAtMs ?? 0);
    if (atMs > 0) newest[profileId] = atMs;
  }
  return newest;
}

import type { Database } from 'better-sqlite3';
import type { HistoryRetention } from '#shared/contract/history-storage.ts';
import type { DeleteScope } from './delete-scope.ts';
import { dayMs } from './windows.ts';

const defaultRetention: HistoryRetention = { rawDays: 7, rollupDays: 90 };

export function readRetention(db: Database): HistoryRetention {
  const value = db.prepare<[], string>("SELECT value FROM settings WHERE name = 'retention'").pluck().get();
  return value === undefined ? defaultRetention : (JSON.parse(value) as HistoryRetention);
}

export function writeRetention(db: Database, retention: HistoryRetention): void {
  db.prepare("REPLACE INTO settings (name, value) VALUES ('retention', ?)").run(JSON.stringify(retention));
}

/** What the settings say is too old. Events stay as long as the rollups they are drawn on. */
export const expiredScope = ({ rawDays, rollupDays }: HistoryRetention, nowMs: number): DeleteScope => ({
  profileId: null,
  rawBeforeMs: nowMs - rawDays * dayMs,
  rollupsBeforeMs: nowMs - rollupDays * dayMs,
  eventsBeforeMs: nowMs - rollupDays * dayMs,
  openToo: false,
});

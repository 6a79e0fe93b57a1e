import type { Database } from 'better-sqlite3';
import { maxEventsPerRange } from '#shared/contract/history.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';

const columns = 'event_id AS eventId, profile_id AS profileId, kind, from_ms AS fromMs, to_ms AS toMs, text';

export function addEvent(db: Database, event: HistoryEvent): void {
  db.prepare(
    `INSERT OR IGNORE INTO events (event_id, profile_id, kind, from_ms, to_ms, text)
     VALUES (:eventId, :profileId, :kind, :fromMs, :toMs, :text)`,
  ).run(event);
}

/**
 * Events that touch [fromMs, toMs): of these pools and of Poolscope itself, or of all pools for
 * null. Oldest first; of very many the newest.
 */
export function readEvents(
  db: Database,
  profileIds: readonly string[] | null,
  fromMs: number,
  toMs: number,
): HistoryEvent[] {
  const newestFirst = db
    .prepare<unknown[], HistoryEvent>(
      `SELECT ${columns} FROM events WHERE from_ms < ? AND to_ms >= ?
         AND (profile_id IS NULL OR ? IS NULL OR profile_id IN (SELECT value FROM json_each(?)))
       ORDER BY from_ms DESC, to_ms DESC, event_id DESC LIMIT ?`,
    )
    .all(
      toMs,
      fromMs,
      profileIds === null ? null : 1,
      profileIds === null ? null : JSON.stringify(profileIds),
      maxEventsPerRange,
    );
  return newestFirst.reverse();
}

/** Deletes a note and answers with it; null when there is no note of that id. */
export function deleteNote(db: Database, eventId: string): HistoryEvent | null {
  const note = db
    .prepare<[string], HistoryEvent>(
      `DELETE FROM events WHERE event_id = ? AND kind = 'note' RETURNING ${columns}`,
    )
    .get(eventId);
  return note ?? null;
}

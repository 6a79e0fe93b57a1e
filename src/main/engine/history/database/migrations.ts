import type { Database } from 'better-sqlite3';

/** "PSco": tells our files from other SQLite databases. */
export const applicationId = 0x5053636f;

/**
 * Each takes the schema one version further; the first begins with an empty file. What was released
 * is never edited: a change is a new entry at the end.
 */
export const migrations: readonly ((db: Database) => void)[] = [
  (db) =>
    db.exec(`
      CREATE TABLE settings (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

      -- One row for each connection that was ever recorded, with running totals of what it takes up.
      CREATE TABLE series (
        series_id INTEGER PRIMARY KEY,
        profile_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        -- Journal rows up to this one are in chunks (or were deleted).
        sealed_seq INTEGER NOT NULL DEFAULT 0,
        raw_samples INTEGER NOT NULL DEFAULT 0,
        raw_bytes INTEGER NOT NULL DEFAULT 0,
        rollup_bytes INTEGER NOT NULL DEFAULT 0,
        last_at_ms INTEGER
      ) STRICT;

      -- One row a second with the samples of every pool, until they are sealed.
      CREATE TABLE journal (seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, batch BLOB NOT NULL) STRICT;

      -- Ten minutes of one pool; more than one for a window when the clock was set back.
      CREATE TABLE chunks (
        chunk_id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL,
        window_ms INTEGER NOT NULL,
        from_ms INTEGER NOT NULL,
        to_ms INTEGER NOT NULL,
        samples INTEGER NOT NULL,
        packed BLOB NOT NULL
      ) STRICT;
      CREATE INDEX chunks_by_window ON chunks (series_id, window_ms);

      -- The one-minute rollups of an hour.
      CREATE TABLE minutes (
        minutes_id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL,
        hour_ms INTEGER NOT NULL,
        rollups INTEGER NOT NULL,
        packed BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX minutes_by_hour ON minutes (series_id, hour_ms);

      -- The same hour as one rollup; rows of a pool side by side, for ranges of months.
      CREATE TABLE hours (
        series_id INTEGER NOT NULL,
        hour_ms INTEGER NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (series_id, hour_ms)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE events (
        event_id TEXT PRIMARY KEY,
        profile_id TEXT,
        kind TEXT NOT NULL,
        from_ms INTEGER NOT NULL,
        to_ms INTEGER NOT NULL,
        text TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX events_by_time ON events (from_ms);
    `),
  (db) =>
    db.exec(`
      -- A minute of one server's sessions in brief, under the connection it was watched through.
      CREATE TABLE session_minutes (
        session_minutes_id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL,
        from_ms INTEGER NOT NULL,
        packed BLOB NOT NULL
      ) STRICT;
      CREATE INDEX session_minutes_by_time ON session_minutes (series_id, from_ms);
    `),
  (db) =>
    db.exec(`
      -- A minute of a pooler: all its pools together, and (packed) the busiest of them one by one.
      CREATE TABLE pooler_minutes (
        pooler_minutes_id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL,
        from_ms INTEGER NOT NULL,
        total BLOB NOT NULL,
        packed BLOB NOT NULL
      ) STRICT;
      CREATE INDEX pooler_minutes_by_time ON pooler_minutes (series_id, from_ms);

      -- The same hour as one, for ranges of weeks; none where a minute came later.
      CREATE TABLE pooler_hours (
        series_id INTEGER NOT NULL,
        hour_ms INTEGER NOT NULL,
        total BLOB NOT NULL,
        packed BLOB NOT NULL,
        PRIMARY KEY (series_id, hour_ms)
      ) STRICT, WITHOUT ROWID;
    `),
  (db) =>
    db.exec(`
      -- A minute of this machine, sample by sample.
      CREATE TABLE machine_samples (
        machine_samples_id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL,
        from_ms INTEGER NOT NULL,
        samples INTEGER NOT NULL,
        packed BLOB NOT NULL
      ) STRICT;
      CREATE INDEX machine_samples_by_time ON machine_samples (series_id, from_ms);

      -- The same minute as one sample.
      CREATE TABLE machine_minutes (
        machine_minutes_id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL,
        from_ms INTEGER NOT NULL,
        packed BLOB NOT NULL
      ) STRICT;
      CREATE INDEX machine_minutes_by_time ON machine_minutes (series_id, from_ms);
    `),
];

import Database from 'better-sqlite3';
import { applicationId, migrations } from './migrations.ts';

/** The file was written by a newer Poolscope; it is left alone. */
export class NewerSchemaError extends Error {
  readonly code = 'NEWER_SCHEMA';
  readonly found: number;

  constructor(found: number, known: number) {
    super(`The history has layout ${found}; this version of Poolscope knows layouts up to ${known}.`);
    this.found = found;
  }
}

/** An SQLite file, but none of ours. */
export class ForeignFileError extends Error {
  readonly code = 'FOREIGN_FILE';

  constructor() {
    super('The file is a database of another program.');
  }
}

const pageBytes = 4096;

/**
 * Opens the history for writing, creates it or takes it to the present layout. A transaction is on
 * disk when the operating system writes it (synchronous NORMAL): a crash of ours loses nothing, a
 * power cut at most the last seconds, and neither the file.
 * @throws NewerSchemaError, ForeignFileError, SqliteError
 */
export function openForWriting(file: string, steps = migrations): Database.Database {
  const db = new Database(file, { timeout: 2000 });
  try {
    const version = db.pragma('user_version', { simple: true }) as number;
    const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0;
    checkIsOurs(db, version, isEmpty, steps.length);
    if (isEmpty) {
      db.pragma(`page_size = ${pageBytes}`);
      db.pragma('auto_vacuum = INCREMENTAL');
      db.pragma(`application_id = ${applicationId}`);
    }
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    // The writer checkpoints between ticks; this is for bursts, such as deletes.
    db.pragma('wal_autocheckpoint = 4000');
    // After a checkpoint the log goes back to this; a burst of deletes must not keep its size for good.
    db.pragma(`journal_size_limit = ${16 * 2 ** 20}`);
    migrate(db, isEmpty ? 0 : version, steps);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a history that exists, for queries only. @throws as `openForWriting` */
export function openForReading(file: string): Database.Database {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2000 });
  try {
    checkIsOurs(db, db.pragma('user_version', { simple: true }) as number, false, migrations.length);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkIsOurs(db: Database.Database, version: number, isEmpty: boolean, known: number): void {
  if (isEmpty) return;
  if (db.pragma('application_id', { simple: true }) !== applicationId) throw new ForeignFileError();
  if (version > known) throw new NewerSchemaError(version, known);
}

/** Each step with its version number in one transaction: a crash in between leaves a whole version. */
function migrate(db: Database.Database, from: number, steps: typeof migrations): void {
  for (let version = from; version < steps.length; version += 1) {
    db.transaction(() => {
      steps[version]?.(db);
      db.pragma(`user_version = ${version + 1}`);
    })();
  }
}

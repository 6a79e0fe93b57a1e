import { statfsSync } from 'node:fs';
import path from 'node:path';

/**
 * Why the history cannot be written, as far as it decides what to do: a file that is `damaged` is
 * set aside, one that is `newer` is left alone, and everything else is tried again.
 */
export type FaultKind = 'full' | 'damaged' | 'newer' | 'unwritable' | 'other';

export interface Fault {
  kind: FaultKind;
  /** One plain sentence, with what to do. */
  words: string;
}

/** Less than this is as good as nothing: SQLite needs a few pages even to go on. */
const fewBytes = 256 * 1024;

export function faultOf(error: unknown, file: string): Fault {
  const folder = path.dirname(file);
  const kind = kindOf(error, folder);
  return { kind, words: sentences[kind](file, folder, error) };
}

function kindOf(error: unknown, folder: string): FaultKind {
  const { code } = error as { code?: unknown };
  const name = typeof code === 'string' ? code : '';
  if (name === 'NEWER_SCHEMA') return 'newer';
  if (name === 'FOREIGN_FILE' || /^SQLITE_(CORRUPT|NOTADB)/.test(name)) return 'damaged';
  if (name === 'SQLITE_FULL') return 'full';
  if (/^SQLITE_IOERR/.test(name) && freeBytes(folder) < fewBytes) return 'full';
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)|^(EACCES|EPERM|EROFS)$/.test(name)) return 'unwritable';
  return 'other';
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const meanwhile = 'Live charts go on, and recording resumes by itself.';

const sentences: Record<FaultKind, (file: string, folder: string, error: unknown) => string> = {
  full: (_file, folder) =>
    `Recording of the history has stopped: the disk of ${folder} is full. Free some space there. ${meanwhile}`,
  damaged: (file) => `The history file ${file} is damaged.`,
  newer: (file, _folder, error) =>
    `Nothing is recorded: the history file ${file} was written by a newer Poolscope and is left as it is. ${words(error)} Update Poolscope to go on with it.`,
  unwritable: (file) =>
    `Recording of the history has stopped: ${file} cannot be written. Check who may write there. ${meanwhile}`,
  other: (file, _folder, error) =>
    `Recording of the history has stopped: ${file} cannot be written (${words(error)}). ${meanwhile}`,
};

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

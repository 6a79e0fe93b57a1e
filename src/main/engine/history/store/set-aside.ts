import { existsSync, renameSync, rmSync } from 'node:fs';

/** "2026-11-20T23-37-33": a moment in characters that every file system takes. */
const moment = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '-');

/**
 * Moves a damaged history out of the way, with its log, so that it can be looked at or restored.
 * @returns the name it has now
 */
export function setAside(file: string, nowMs: number): string {
  const base = `${file.replace(/\.db$/, '')}-damaged-${moment(nowMs)}`;
  let aside = `${base}.db`;
  for (let number = 2; existsSync(aside); number += 1) aside = `${base}-${number}.db`;
  renameSync(file, aside);
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`);
  // Holds nothing that the log does not; under the new name it would be one too many.
  rmSync(`${file}-shm`, { force: true });
  return aside;
}

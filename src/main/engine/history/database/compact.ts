import type { Database } from 'better-sqlite3';
import { fileBytes } from './storage.ts';

/** Pages moved in one transaction: about a megabyte. */
const pagesPerStep = 256;

export interface CompactProgress {
  doneBytes: number;
  totalBytes: number;
}

/**
 * Gives the pages that hold nothing back to the file system.
 * @param pause lets ticks have a turn; when it throws, the file stays as far as it came
 */
export async function compact(
  db: Database,
  onProgress: (progress: CompactProgress) => void,
  pause: () => Promise<void>,
): Promise<{ beforeBytes: number; afterBytes: number }> {
  const size = () => fileBytes(db.name) + fileBytes(`${db.name}-wal`);
  const freePages = () => db.pragma('freelist_count', { simple: true }) as number;
  const pageBytes = db.pragma('page_size', { simple: true }) as number;
  const beforeBytes = size();
  const total = freePages();
  try {
    for (let left = total; left > 0; ) {
      await pause();
      db.pragma(`incremental_vacuum(${pagesPerStep})`);
      const now = freePages();
      if (now >= left) break;
      left = now;
      onProgress({ doneBytes: (total - left) * pageBytes, totalBytes: total * pageBytes });
    }
  } finally {
    // Only now does the file itself shrink.
    db.pragma('wal_checkpoint(TRUNCATE)');
  }
  return { beforeBytes, afterBytes: size() };
}

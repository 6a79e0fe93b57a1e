import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Replaces a file in one step: whoever reads it, even after a power cut, finds the old text or the
 * new one, never half of it. Readable by its owner alone. Throws what the file system throws.
 */
export async function writeFileAtomically(filePath: string, text: string): Promise<void> {
  const draftPath = `${filePath}.${randomUUID()}.tmp`;
  try {
    const draft = await open(draftPath, 'wx', 0o600);
    try {
      await draft.writeFile(text, 'utf8');
      await draft.sync();
    } finally {
      await draft.close();
    }
    await rename(draftPath, filePath);
  } catch (error) {
    await rm(draftPath, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(filePath));
}

/** Makes the rename itself last. Windows cannot open folders and needs no such step. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** "2026-11-20T23-37-33-123Z": a moment in a form that every file system takes. */
export function fileTimestamp(atMs: number): string {
  return new Date(atMs).toISOString().replaceAll(/[:.]/g, '-');
}

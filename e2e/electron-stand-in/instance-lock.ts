import { type FSWatcher, mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The single-instance lock of one userData folder. Electron's is synchronous, so this one is made
 * of files: one with the holder's process id, and a folder in which later instances leave a note.
 */
export class InstanceLock {
  readonly #lockFile: string;
  readonly #notes: string;
  #watcher: FSWatcher | undefined;

  constructor(userData: string) {
    this.#lockFile = path.join(userData, 'stand-in-instance.lock');
    this.#notes = path.join(userData, 'stand-in-instance-notes');
  }

  /** False when another process holds it; that one is told. */
  acquire(onSecondInstance: () => void): boolean {
    mkdirSync(this.#notes, { recursive: true });
    if (this.#isHeldByAnother()) {
      writeFileSync(path.join(this.#notes, String(process.pid)), '');
      return false;
    }
    writeFileSync(this.#lockFile, String(process.pid));
    this.#watcher = watch(this.#notes, () => {
      for (const note of readdirSync(this.#notes)) {
        rmSync(path.join(this.#notes, note), { force: true });
        onSecondInstance();
      }
    });
    this.#watcher.unref();
    return true;
  }

  release(): void {
    if (this.#watcher === undefined) return;
    this.#watcher.close();
    rmSync(this.#lockFile, { force: true });
    rmSync(this.#notes, { recursive: true, force: true });
  }

  #isHeldByAnother(): boolean {
    try {
      const holder = Number(readFileSync(this.#lockFile, 'utf8'));
      if (holder === process.pid) return false;
      process.kill(holder, 0);
      return true;
    } catch {
      // No lock file, or its process is gone.
      return false;
    }
  }
}

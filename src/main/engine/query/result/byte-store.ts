import { type FileHandle, open, rm } from 'node:fs/promises';

/** Results up to this stay in memory and never touch the disk. There may be hundreds of them. */
const memoryBytes = 128 * 1024;
/** What may wait to be written before the sender is asked to pause. */
const fullBytes = 4 * 1024 * 1024;

/**
 * Bytes that are appended and read anywhere: in memory while they are few, else in a file of their
 * own, readable by its owner alone. Memory holds no more than what is not written yet.
 */
export class ByteStore {
  readonly #filePath: string;
  #memory: Buffer[] | null = [];
  #file: FileHandle | null = null;
  #size = 0;
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown = null;
  #drained: (() => void)[] = [];
  #closed = false;

  constructor(filePath: string) {
    this.#filePath = filePath;
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#pendingBytes > fullBytes && this.#failure === null;
  }

  /** What the file system threw, or null. Nothing is kept from then on. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Calls back once enough is written, or never will be. */
  onDrained(resume: () => void): void {
    if (this.isFull) this.#drained.push(resume);
    else resume();
  }

  /** Takes the bytes over; the caller writes to them no more. */
  append(bytes: Buffer): void {
    if (this.#closed) return;
    this.#size += bytes.length;
    if (this.#memory !== null) {
      this.#memory.push(bytes);
      if (this.#size <= memoryBytes) return;
      const all = this.#memory;
      this.#memory = null;
      for (const part of all) this.#write(part);
    } else this.#write(bytes);
  }

  /** Bytes from an offset; fewer where the store ends. @throws what the file system throws */
  async read(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.#size - offset));
    if (this.#memory !== null) {
      const whole = this.#memory.length === 1 ? (this.#memory[0] as Buffer) : Buffer.concat(this.#memory);
      this.#memory = [whole];
      return whole.subarray(offset, offset + wanted);
    }
    await this.#writing;
    if (this.#failure !== null) throw this.#failure;
    if (this.#file === null) return Buffer.alloc(0);
    const bytes = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const { bytesRead } = await this.#file.read(bytes, filled, wanted - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  /** Forgets everything and deletes the file. Idempotent, never rejects. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#memory = [];
    await this.#writing;
    await this.#file?.close().catch(() => {});
    this.#file = null;
    await rm(this.#filePath, { force: true }).catch(() => {});
  }

  #write(bytes: Buffer): void {
    this.#pendingBytes += bytes.length;
    this.#writing = this.#writing.then(async () => {
      try {
        if (this.#failure !== null || this.#closed) return;
        this.#file ??= await open(this.#filePath, 'wx+', 0o600);
        await this.#file.appendFile(bytes);
      } catch (error) {
        this.#failure ??= error;
      } finally {
        this.#pendingBytes -= bytes.length;
        this.#tellDrained();
      }
    });
  }

  #tellDrained(): void {
    if (this.isFull) return;
    const waiting = this.#drained;
    this.#drained = [];
    for (const resume of waiting) resume();
  }
}

import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { BundleError } from './bundle-error.ts';
import { bundleLimits } from './manifest.ts';

/** One file within the zip, by what its directory says; none of it is believed before it is checked. */
export interface ZipEntry {
  name: string;
  isDeflated: boolean;
  checksum: number;
  packedBytes: number;
  bytes: number;
  headerAt: number;
}

const endBytes = 22;
const longestComment = 65_535;
const signatures = { end: 0x06054b50, directory: 0x02014b50, local: 0x04034b50 } as const;
const encryptedFlag = 1;
const [stored, deflated] = [0, 8];
/** A size or offset that says "see the 64-bit fields"; no bundle is that large. */
const elsewhere = 0xffffffff;

/**
 * Reads zip files that come from anywhere: by the directory at the end, without ever using a name
 * as a path, and never more bytes than announced and allowed.
 */
export class ZipReader {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly entries: ReadonlyMap<string, ZipEntry>;

  private constructor(path: string, handle: FileHandle, entries: ReadonlyMap<string, ZipEntry>) {
    this.#path = path;
    this.#handle = handle;
    this.entries = entries;
  }

  /** @throws BundleError, or what the file system says */
  static async open(path: string): Promise<ZipReader> {
    const handle = await open(path, 'r');
    try {
      return new ZipReader(path, handle, await readDirectory(handle));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The bytes of an entry, in pieces. @throws BundleError when they are not what was announced */
  async *read(entry: ZipEntry): AsyncGenerator<Buffer, void, undefined> {
    const start = entry.headerAt + (await this.#headerLength(entry));
    if (entry.packedBytes === 0) {
      if (entry.bytes !== 0) throw new BundleError('damaged');
      return;
    }
    const packed = createReadStream(this.#path, { start, end: start + entry.packedBytes - 1 });
    const source = entry.isDeflated ? packed.pipe(createInflateRaw()) : packed;
    if (source !== packed) packed.on('error', (error) => source.destroy(error));
    let [bytes, checksum] = [0, 0];
    try {
      for await (const piece of source as AsyncIterable<Buffer>) {
        bytes += piece.length;
        if (bytes > entry.bytes) throw new BundleError('damaged');
        checksum = crc32(piece, checksum);
        yield piece;
      }
    } catch (error) {
      throw isInflateError(error) ? new BundleError('damaged') : error;
    } finally {
      source.destroy();
      packed.destroy();
    }
    if (bytes !== entry.bytes || checksum !== entry.checksum) throw new BundleError('damaged');
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** The header beside the data repeats the name, with fields of lengths of its own. */
  async #headerLength(entry: ZipEntry): Promise<number> {
    const header = await readAt(this.#handle, entry.headerAt, 30);
    if (header.readUInt32LE(0) !== signatures.local) throw new BundleError('damaged');
    return 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  }
}

const isInflateError = (error: unknown): boolean =>
  String((error as { code?: unknown }).code).startsWith('Z_');

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new BundleError('truncated');
  return buffer;
}

async function readDirectory(handle: FileHandle): Promise<Map<string, ZipEntry>> {
  const { size } = await handle.stat();
  if (size > bundleLimits.fileBytes) throw new BundleError('large');
  if (size < endBytes) throw new BundleError('truncated');
  const tailLength = Math.min(size, endBytes + longestComment);
  const tail = await readAt(handle, size - tailLength, tailLength);
  const endAt = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]), tail.length - endBytes);
  if (endAt < 0) throw new BundleError((await isZip(handle)) ? 'truncated' : 'foreign');
  const count = tail.readUInt16LE(endAt + 10);
  const [length, start] = [tail.readUInt32LE(endAt + 12), tail.readUInt32LE(endAt + 16)];
  if (count > bundleLimits.entries || length > 2 ** 20) throw new BundleError('large');
  if (start + length > size - tailLength + endAt) throw new BundleError('damaged');
  const directory = await readAt(handle, start, length);
  const entries = new Map<string, ZipEntry>();
  let total = 0;
  for (let at = 0, left = count; left > 0; left -= 1) {
    const { entry, next } = readEntry(directory, at, start);
    at = next;
    total += entry.bytes;
    if (total > bundleLimits.unpackedBytes) throw new BundleError('large');
    if (entries.has(entry.name)) throw new BundleError('damaged');
    entries.set(entry.name, entry);
  }
  return entries;
}

const isZip = async (handle: FileHandle): Promise<boolean> =>
  (await readAt(handle, 0, 4)).readUInt32LE(0) === signatures.local;

function readEntry(directory: Buffer, at: number, dataEnd: number): { entry: ZipEntry; next: number } {
  if (at + 46 > directory.length || directory.readUInt32LE(at) !== signatures.directory) {
    throw new BundleError('damaged');
  }
  const method = directory.readUInt16LE(at + 10);
  const nameLength = directory.readUInt16LE(at + 28);
  const next = at + 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  const entry = {
    name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    isDeflated: method === deflated,
    checksum: directory.readUInt32LE(at + 16),
    packedBytes: directory.readUInt32LE(at + 20),
    bytes: directory.readUInt32LE(at + 24),
    headerAt: directory.readUInt32LE(at + 42),
  };
  const isEncrypted = (directory.readUInt16LE(at + 8) & encryptedFlag) !== 0;
  const isOdd = method !== deflated && (method !== stored || entry.bytes !== entry.packedBytes);
  const isFar = [entry.packedBytes, entry.bytes, entry.headerAt].includes(elsewhere);
  if (next > directory.length || isEncrypted || isOdd || isFar) throw new BundleError('damaged');
  if (entry.headerAt + 30 + entry.packedBytes > dataEnd) throw new BundleError('damaged');
  return { entry, next };
}

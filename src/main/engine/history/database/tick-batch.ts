import type { PoolSample } from '#shared/model/pool-sample.ts';
import { ByteReader, ByteWriter, DamagedDataError } from '../codec/bytes.ts';
import { SampleReader } from '../sample-codec.ts';

/** The samples of one tick as they cross to the thread: packed, one after another. */
export interface TickBatch {
  atMs: number;
  profileIds: string[];
  names: string[];
  /** Length of each sample in `bytes`. */
  lengths: number[];
  bytes: Uint8Array;
}

/** One pool's sample within a journal row. */
export interface JournalEntry {
  seriesId: number;
  /** As SampleWriter packed it. */
  packed: Uint8Array;
}

export function packJournalRow(seriesIds: readonly number[], { lengths, bytes }: TickBatch): Uint8Array {
  const writer = new ByteWriter();
  writer.whole(seriesIds.length);
  for (const [index, seriesId] of seriesIds.entries()) {
    writer.whole(seriesId);
    writer.whole(lengths[index] as number);
  }
  writer.bytes(bytes);
  return writer.written;
}

/** What `packedAtMs` reads. */
const timeBytes = 8;

function unpackJournalRow(row: Uint8Array): JournalEntry[] {
  const reader = new ByteReader(row);
  const heads: [seriesId: number, length: number][] = [];
  for (let left = reader.whole(); left > 0; left -= 1) heads.push([reader.whole(), reader.whole()]);
  return heads.map(([seriesId, length]) => {
    if (length < timeBytes) throw new DamagedDataError('a sample is too short');
    return { seriesId, packed: reader.bytes(length) };
  });
}

/** A row that is damaged is left out, as a gap of a second. */
export function readableEntries(batch: Uint8Array): JournalEntry[] {
  try {
    return unpackJournalRow(batch);
  } catch (error) {
    if (error instanceof DamagedDataError) return [];
    throw error;
  }
}

/** The samples of one pool; one that is damaged is left out, as a gap of a second. */
export function readableSamples(packed: readonly Uint8Array[], profileId: string): PoolSample[] {
  return packed.flatMap(({ buffer, byteOffset, length }) => {
    try {
      return [new SampleReader(Buffer.from(buffer, byteOffset, length)).read(profileId)];
    } catch (error) {
      if (error instanceof DamagedDataError) return [];
      throw error;
    }
  });
}

/** The end of a packed sample's interval: the first number of it. */
export function packedAtMs({ buffer, byteOffset }: Uint8Array): number {
  return new DataView(buffer, byteOffset).getFloat64(0, true);
}

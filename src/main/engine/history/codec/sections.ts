import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader, ByteWriter, DamagedDataError } from './bytes.ts';

/** No block of real data comes near; a damaged length must not ask for all memory. */
const maxBlockBytes = 256 * 2 ** 20;
const [plain, deflated] = [0, 1];
/** Ends a stream of deflate blocks of which none says that it is the last. */
const streamEnd = Uint8Array.of(3, 0);

/**
 * Sections packed into one block: version, checksum, how they are kept, their lengths, their bytes.
 * Numbers of one kind share a section, because deflate fits one code to all it sees: each section
 * is deflated by itself, and the results joined to one stream, because inflating is called once.
 */
export function packSections(version: number, sections: readonly Uint8Array[], compress = true): Uint8Array {
  const body = new ByteWriter();
  body.byte(compress ? deflated : plain);
  body.whole(sections.length);
  for (const section of sections) body.whole(section.length);
  for (const section of sections) if (section.length > 0) body.bytes(compress ? shortest(section) : section);
  if (compress) body.bytes(streamEnd);
  const block = new Uint8Array(5 + body.length);
  block[0] = version;
  block.set(body.written, 5);
  new DataView(block.buffer).setUint32(1, crc32(body.written), true);
  return block;
}

/** Noise is shorter without the search for repetitions, all else with it. */
function shortest(section: Uint8Array): Uint8Array {
  const options = { memLevel: 9, finishFlush: constants.Z_SYNC_FLUSH };
  const repeating = deflateRawSync(section, options);
  const noisy = deflateRawSync(section, { ...options, strategy: constants.Z_HUFFMAN_ONLY });
  return noisy.length < repeating.length ? noisy : repeating;
}

/** @throws DamagedDataError when the version is another or the checksum does not fit */
export function unpackSections(version: number, block: Uint8Array): Uint8Array[] {
  if (block.length < 7) throw new DamagedDataError('it ends early');
  if (block[0] !== version) throw new DamagedDataError(`format ${block[0]} is unknown`);
  const body = block.subarray(5);
  const checksum = new DataView(block.buffer, block.byteOffset).getUint32(1, true);
  if (crc32(body) !== checksum) throw new DamagedDataError('its checksum does not fit');
  const reader = new ByteReader(body);
  const isDeflated = reader.byte() === deflated;
  const lengths: number[] = [];
  for (let left = reader.whole(); left > 0; left -= 1) lengths.push(reader.whole());
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const rest = reader.bytes(reader.left);
  const joined = isDeflated ? inflate(rest, total) : rest;
  if (joined.length !== total) throw new DamagedDataError('it has another length');
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return joined.subarray(end - length, end);
  });
}

function inflate(bytes: Uint8Array, length: number): Uint8Array {
  if (length > maxBlockBytes) throw new DamagedDataError('it is too long');
  try {
    // One buffer of just the right size; by default it would be a large one, cut and copied.
    const size = Math.max(64, length);
    return inflateRawSync(bytes, { chunkSize: size, maxOutputLength: size });
  } catch (error) {
    throw new DamagedDataError(error instanceof Error ? error.message : 'it cannot be inflated');
  }
}

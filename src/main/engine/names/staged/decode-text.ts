import type { TextEncoding } from '#shared/contract/names-staged.ts';
import { EngineError } from '../../base/errors.ts';

export interface Decoded {
  text: string;
  encoding: TextEncoding;
}

const boms: [bytes: number[], encoding: TextEncoding][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** First bytes of files that are no text, and what they are called. */
const foreign: [bytes: number[], what: string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a spreadsheet or an archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old spreadsheet or document'],
  [[0x1f, 0x8b], 'a compressed file'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
];

const startsWith = (bytes: Uint8Array, start: number[]) => start.every((byte, at) => bytes[at] === byte);

/**
 * A file's bytes as text. A byte order mark decides over everything but the user; without one it must
 * be UTF-8.
 * @throws EngineError `bad_input` that tells what the file is instead, as far as that can be told
 */
export function decodeText(bytes: Uint8Array, asked: 'auto' | TextEncoding): Decoded {
  const what = foreign.find(([start]) => startsWith(bytes, start))?.[1];
  if (what !== undefined) {
    throw new EngineError('bad_input', `This file is ${what}, not text.`, {
      remedy: 'Save the names as CSV or as a text file with one name a line.',
    });
  }
  const encoding = asked === 'auto' ? found(bytes) : asked;
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
  } catch (cause) {
    throw notThat(bytes, encoding, asked, cause);
  }
}

function found(bytes: Uint8Array): TextEncoding {
  const marked = boms.find(([start]) => startsWith(bytes, start));
  return marked?.[1] ?? utf16Of(bytes) ?? 'utf-8';
}

/** Text in Latin letters is half NUL bytes in UTF-16, all of them in the same half of the pairs. */
function utf16Of(bytes: Uint8Array): TextEncoding | null {
  const end = Math.min(bytes.length, 2000) & ~1;
  const nuls = [0, 0];
  for (let at = 0; at < end; at += 1) if (bytes[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (even + odd < end / 4) return null;
  if (even === 0) return 'utf-16le';
  return odd === 0 ? 'utf-16be' : null;
}

function notThat(bytes: Uint8Array, encoding: TextEncoding, asked: string, cause: unknown): EngineError {
  if (encoding !== 'utf-8') {
    return new EngineError(
      'bad_input',
      `This is not text in ${encoding}.`,
      { remedy: 'Choose the encoding it was saved in.' },
      { cause },
    );
  }
  const line = lineOfFirstBadByte(bytes);
  const message = `Line ${line} is not UTF-8 text: it was saved in another encoding.`;
  const remedy = `Choose its encoding${asked === 'auto' ? ' (Windows-1252 is common for Western names)' : ''}, or save it as UTF-8.`;
  return new EngineError('bad_input', message, { remedy }, { cause });
}

/** Lines decode by themselves in UTF-8: no byte of a longer character is a line feed. */
function lineOfFirstBadByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(10, start);
    const end = feed < 0 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}

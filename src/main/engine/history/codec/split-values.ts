import { type ByteReader, type ByteWriter, unzigzag, zigzag } from './bytes.ts';

/** Milliseconds as whole microseconds: finer digits are noise of the clock. */
export const microseconds = (ms: number): number => Math.round(ms * 1000);
export const milliseconds = (us: number): number => us / 1000;

/**
 * Writes a difference from a guess. Its low byte is noise that no code shortens, so it is kept
 * apart from the high ones, which are nearly all alike.
 */
export function writeSplit(low: ByteWriter, high: ByteWriter, difference: number): void {
  const value = zigzag(difference);
  low.byte(value % 256);
  high.whole(Math.floor(value / 256));
}

export function readSplit(low: ByteReader, high: ByteReader): number {
  return unzigzag(low.byte() + high.whole() * 256);
}

import { formatBytes } from '../../kit/byte-words.ts';

/** Bytes per second for reading: "812 kB/s". */
export const formatByteRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/** Bytes as an axis label, as short as can be: "0", "750 B", "1.5 kB". */
export function formatByteTick(bytes: number): string {
  if (bytes === 0) return '0';
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  return bytes < 1_000_000
    ? `${Number((bytes / 1000).toPrecision(3))} kB`
    : `${Number((bytes / 1_000_000).toPrecision(3))} MB`;
}

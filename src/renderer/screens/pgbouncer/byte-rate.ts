import { formatBytes } from '../../kit/byte-words.ts';

/** Bytes per second for reading: "812 kB/s". */
export const formatByteRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/** Bytes as an axis label, as short as can be: "0", "750 B", "1.5 kB", "16 GB". */
export function formatByteTick(bytes: number): string {
  if (bytes === 0) return '0';
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const [size, unit] = bytes < 1e6 ? [1000, 'kB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  return `${Number((bytes / Number(size)).toPrecision(3))} ${unit}`;
}

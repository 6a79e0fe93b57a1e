import { formatBytes } from '../../kit/byte-words.ts';

/** Bytes per second for reading: "812 kB/s". */
export const formatByteRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/**
 * What the machine that runs Poolscope, and Poolscope itself, did over a stretch of time. Rates are
 * divided by the true length of the stretch. Null where this system does not tell, never 0.
 */
export interface MachineSample {
  /** Wall clock, milliseconds since the epoch, at the end of the stretch. */
  atMs: number;
  /** Its true length by the monotonic clock; about 5 s, or more where several were folded into one. */
  intervalMs: number;
  /** Busy share of all processors together, 0 to 1. Waiting for a disk is not busy. */
  cpu: number | null;
  /** Memory that is not available to programs, at the end of the stretch. */
  memoryUsedBytes: number;
  memoryTotalBytes: number;
  /** Of whole disks. */
  diskReadBytesPerSecond: number | null;
  diskWrittenBytesPerSecond: number | null;
  /** Of network cards, without loopback and the virtual ones of containers. */
  receivedBytesPerSecond: number | null;
  sentBytesPerSecond: number | null;
  /** Of the process that runs Poolscope's engine with all its threads: share of all processors, 0 to 1. */
  poolscopeCpu: number | null;
  /** What that process has in memory (resident set). */
  poolscopeMemoryBytes: number;
}

/** What the machine is among the connections that have history; no connection has such an id. */
export const machineSeriesId = 'this-machine';

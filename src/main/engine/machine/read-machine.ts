import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import { type ByteCounts, cpuTimesOf, diskBytesOf, networkBytesOf } from './proc-files.ts';

/** Counters since the machine or the process started, and states of now. Null where this system does not tell. */
export interface MachineReading {
  /** In ticks of whatever length; only their differences to each other mean something. */
  cpu: { busy: number; all: number } | null;
  /** Processors that programs can run on. */
  processors: number;
  memoryUsedBytes: number;
  memoryTotalBytes: number;
  disk: ByteCounts | null;
  network: ByteCounts | null;
  processCpuMs: number;
  processMemoryBytes: number;
}

/**
 * Reads what the system has counted anyway: some small files of /proc on Linux, Node's own calls
 * elsewhere. Starts no program: what asks the system by a command (as `systeminformation` does on
 * macOS and Windows) costs more than all that Poolscope does otherwise.
 */
export async function readMachine(): Promise<MachineReading> {
  const isLinux = process.platform === 'linux';
  const [cpu, disk, network] = isLinux
    ? await Promise.all([textOf('/proc/stat'), readDisks(), textOf('/proc/net/dev')])
    : [null, null, null];
  const { user, system } = process.cpuUsage();
  const memoryTotalBytes = os.totalmem();
  return {
    cpu: isLinux ? mapText(cpu, cpuTimesOf) : cpuTimesOfNode(),
    processors: os.availableParallelism(),
    memoryUsedBytes: memoryTotalBytes - os.freemem(),
    memoryTotalBytes,
    disk,
    network: mapText(network, networkBytesOf),
    processCpuMs: (user + system) / 1000,
    processMemoryBytes: process.memoryUsage.rss(),
  };
}

const textOf = (file: string): Promise<string | null> => readFile(file, 'latin1').catch(() => null);
const mapText = <T>(text: string | null, parse: (text: string) => T | null): T | null =>
  text === null ? null : parse(text);

/** What /sys/block names are whole disks; their partitions would count everything twice. */
async function readDisks(): Promise<ByteCounts | null> {
  const [text, disks] = await Promise.all([
    textOf('/proc/diskstats'),
    readdir('/sys/block').catch(() => null),
  ]);
  return text === null || disks === null ? null : diskBytesOf(text, new Set(disks));
}

function cpuTimesOfNode(): MachineReading['cpu'] {
  let busy = 0;
  let all = 0;
  for (const { times } of os.cpus()) {
    const working = times.user + times.nice + times.sys + times.irq;
    busy += working;
    all += working + times.idle;
  }
  // Where the system tells nothing Node's figures are all 0.
  return all === 0 ? null : { busy, all };
}

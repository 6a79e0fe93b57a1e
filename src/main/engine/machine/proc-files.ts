/** Bytes since the machine started, in and out. */
export interface ByteCounts {
  inBytes: number;
  outBytes: number;
}

/** Of `/proc/diskstats`, whatever the disk's own sectors are (Documentation/admin-guide/iostats.rst). */
const sectorBytes = 512;

/**
 * The first line of `/proc/stat`: ticks of all processors together. Guests are counted in `user`
 * already, and waiting for a disk is idling (proc_stat(5)).
 */
export function cpuTimesOf(text: string): { busy: number; all: number } | null {
  const line = /^cpu +(.+)$/m.exec(text)?.[1];
  const ticks = line?.trim().split(/ +/).map(Number) ?? [];
  const [user, nice, system, idle, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = ticks;
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return null;
  const busy = user + nice + system + irq + softIrq + steal;
  const all = busy + idle + ioWait;
  return Number.isFinite(all) ? { busy, all } : null;
}

/** Layers over real disks, and what lies in memory: their bytes are counted below, or are none of a disk's. */
const notDisks = /^(loop|ram|zram|dm-|md|sr|fd|nbd)/;

/** `/proc/diskstats`: bytes read from and written to the disks named. Null without any. */
export function diskBytesOf(text: string, disks: ReadonlySet<string>): ByteCounts | null {
  const counts = { inBytes: 0, outBytes: 0 };
  let found = false;
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/ +/);
    const name = fields[2] ?? '';
    if (!disks.has(name) || notDisks.test(name)) continue;
    found = true;
    counts.inBytes += Number(fields[5]) * sectorBytes;
    counts.outBytes += Number(fields[9]) * sectorBytes;
  }
  return found && Number.isFinite(counts.inBytes + counts.outBytes) ? counts : null;
}

/** Loopback, and what passes on the bytes of containers and tunnels that a real card carries too. */
const notCards = /^(lo|veth|docker|br-|virbr|vnet|tun|tap|wg|cni|cali|flannel|dummy)/;

/** `/proc/net/dev`: bytes received and sent by network cards. Null without any. */
export function networkBytesOf(text: string): ByteCounts | null {
  const counts = { inBytes: 0, outBytes: 0 };
  let found = false;
  for (const line of text.split('\n')) {
    const [, name = '', rest] = /^\s*([^:\s]+):(.*)$/.exec(line) ?? [];
    if (rest === undefined || notCards.test(name)) continue;
    found = true;
    const fields = rest.trim().split(/ +/).map(Number);
    counts.inBytes += fields[0] ?? Number.NaN;
    counts.outBytes += fields[8] ?? Number.NaN;
  }
  return found && Number.isFinite(counts.inBytes + counts.outBytes) ? counts : null;
}

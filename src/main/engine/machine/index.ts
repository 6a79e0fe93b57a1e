import type { Handlers } from '#shared/contract/define.ts';
import type { machineRoutes } from '#shared/contract/machine.ts';
import type { MachineSample } from '#shared/model/machine.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import type { History } from '../history/index.ts';
import { growth, sampleBetween } from './machine-sample.ts';
import { type MachineReading, readMachine } from './read-machine.ts';

export { readMachine } from './read-machine.ts';

const periodMs = 5000;

/** What was counted since Poolscope started; null where this system does not tell. */
export interface MachineTotals {
  sinceMs: number;
  diskReadBytes: number | null;
  diskWrittenBytes: number | null;
  receivedBytes: number | null;
  sentBytes: number | null;
  processCpuMs: number;
}

/** What this machine and Poolscope on it do, sampled every five seconds as long as the engine lives. */
export interface Machine {
  handlers: Handlers<typeof machineRoutes>;
  /** The latest sample, and everything counted so far; null before the first. */
  latest(): { sample: MachineSample; totals: MachineTotals } | null;
  close(): void;
}

interface MachineDeps {
  events: EventBus;
  clock: Clock;
  log: Logger;
  history: Pick<History['machine'], 'record' | 'range'>;
  read?: () => Promise<MachineReading>;
}

export function createMachine({ events, clock, log, history, read = readMachine }: MachineDeps): Machine {
  const sinceMs = clock.nowMs();
  let first: MachineReading | null = null;
  let before: { reading: MachineReading; atMonotonicMs: number } | null = null;
  let latest: { sample: MachineSample; totals: MachineTotals } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const look = async () => {
    const reading = await read();
    if (closed) return;
    const atMonotonicMs = clock.monotonicMs();
    const intervalMs = before === null ? 0 : atMonotonicMs - before.atMonotonicMs;
    first ??= reading;
    if (before !== null && intervalMs > 0) {
      const sample = sampleBetween(before.reading, reading, { atMs: clock.nowMs(), intervalMs });
      history.record(sample);
      latest = { sample, totals: totalsBetween(first, reading, sinceMs) };
      events.emit('machine.sample', sample);
    }
    before = { reading, atMonotonicMs };
  };
  const lookAndGoOn = async () => {
    try {
      await look();
    } catch (error) {
      log.warn({ err: error }, 'what the machine does could not be read');
    }
    if (!closed) timer = setTimeout(() => void lookAndGoOn(), periodMs);
  };
  void lookAndGoOn();

  return {
    handlers: {
      'machine.history': (range) => history.range(range),
    },
    latest: () => latest,
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function totalsBetween(first: MachineReading, now: MachineReading, sinceMs: number): MachineTotals {
  return {
    sinceMs,
    diskReadBytes: growth(first.disk?.inBytes, now.disk?.inBytes),
    diskWrittenBytes: growth(first.disk?.outBytes, now.disk?.outBytes),
    receivedBytes: growth(first.network?.inBytes, now.network?.inBytes),
    sentBytes: growth(first.network?.outBytes, now.network?.outBytes),
    processCpuMs: now.processCpuMs - first.processCpuMs,
  };
}

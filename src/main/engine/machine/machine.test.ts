import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../../tests/support/eventually.ts';
import { systemClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { silentLogger } from '../base/log.ts';
import { createMachine, type Machine } from './index.ts';
import { type MachineReading, readMachine } from './read-machine.ts';

const events = () =>
  createEventBus((error) => {
    throw error;
  });
const log = silentLogger();
const history = { record: () => {}, range: async () => [] };
const open: Machine[] = [];
const opened = (machine: Machine) => {
  open.push(machine);
  return machine;
};
afterEach(() => {
  for (const machine of open.splice(0)) machine.close();
  vi.useRealTimers();
});

const idle: MachineReading = {
  ...{ cpu: { busy: 0, all: 0 }, processors: 2, memoryUsedBytes: 4e9, memoryTotalBytes: 16e9 },
  ...{ disk: { inBytes: 0, outBytes: 0 }, network: { inBytes: 0, outBytes: 0 } },
  ...{ processCpuMs: 0, processMemoryBytes: 2e8 },
};

/** A machine whose readings are given, one each five seconds or as far apart as told. */
function machineOf(readings: MachineReading[], gapsMs: number[] = []) {
  vi.useFakeTimers();
  let nowMs = 0;
  const gaps = [0, ...gapsMs];
  const machine = opened(
    createMachine({
      events: events(),
      ...{ log, history },
      clock: { nowMs: () => 1_790_000_000_000 + nowMs, monotonicMs: () => nowMs },
      read: async () => {
        nowMs += gaps.shift() ?? 5000;
        const reading = readings.shift();
        if (reading === undefined) throw new Error('nothing more to read');
        return reading;
      },
    }),
  );
  return {
    machine,
    async pass(count: number) {
      for (let i = 0; i < count; i += 1) {
        await vi.advanceTimersByTimeAsync(5000);
      }
    },
  };
}

describe('this machine', () => {
  it('is read as this system tells it, without starting a program', async () => {
    const reading = await readMachine();
    expect(reading.memoryTotalBytes).toBeGreaterThan(reading.memoryUsedBytes);
    expect(reading.processMemoryBytes).toBeGreaterThan(1e6);
    expect(reading.processors).toBeGreaterThanOrEqual(1);
    expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
  });

  it.runIf(process.platform === 'linux')('counts the time it really works', async () => {
    const before = await readMachine();
    const until = performance.now() + 200;
    while (performance.now() < until) Math.sqrt(until);
    await nextTurn();
    const after = await readMachine();
    expect(after.processCpuMs - before.processCpuMs).toBeGreaterThan(10);
    expect(after.cpu?.all ?? 0).toBeGreaterThan(before.cpu?.all ?? 0);
  });

  it('samples by itself, soon after the start', async () => {
    const bus = events();
    const heard: number[] = [];
    bus.on('machine.sample', ({ intervalMs }) => heard.push(intervalMs));
    const machine = opened(createMachine({ events: bus, clock: systemClock, log, history }));
    expect(machine.latest()).toBeNull();
    await eventually(() => heard.length).toBeGreaterThanOrEqual(1);
    expect(machine.latest()?.sample.memoryUsedBytes).toBeGreaterThan(0);
  });

  it('divides by the time that really passed, a late sample as well as one in time', async () => {
    const { machine, pass } = machineOf(
      [
        idle,
        { ...idle, cpu: { busy: 500, all: 1000 }, disk: { inBytes: 5e6, outBytes: 1e6 }, processCpuMs: 1000 },
        {
          ...idle,
          cpu: { busy: 600, all: 4000 },
          disk: { inBytes: 25e6, outBytes: 1e6 },
          processCpuMs: 1000,
        },
      ],
      [5000, 20_000],
    );
    await pass(1);
    expect(machine.latest()?.sample).toMatchObject({
      ...{ intervalMs: 5000, cpu: 0.5, diskReadBytesPerSecond: 1e6, diskWrittenBytesPerSecond: 2e5 },
      ...{ poolscopeCpu: 0.1, poolscopeMemoryBytes: 2e8 },
    });
    await pass(1);
    expect(machine.latest()?.sample).toMatchObject({
      ...{ intervalMs: 20_000, diskReadBytesPerSecond: 1e6, diskWrittenBytesPerSecond: 0, poolscopeCpu: 0 },
    });
    expect(machine.latest()?.totals).toMatchObject({ diskReadBytes: 25e6, processCpuMs: 1000 });
  });

  it('says nothing of what the system does not tell, and of a counter that was set back', async () => {
    const silent = { ...idle, cpu: null, disk: null, network: { inBytes: 900, outBytes: 0 } };
    const { machine, pass } = machineOf([silent, { ...silent, network: { inBytes: 100, outBytes: 0 } }]);
    await pass(1);
    expect(machine.latest()?.sample).toMatchObject({
      ...{ cpu: null, diskReadBytesPerSecond: null, receivedBytesPerSecond: null, sentBytesPerSecond: 0 },
    });
    expect(machine.latest()?.totals).toMatchObject({
      diskReadBytes: null,
      receivedBytes: null,
      sentBytes: 0,
    });
  });

  it('goes on after a reading that failed', async () => {
    const { machine, pass } = machineOf([idle]);
    await pass(3);
    expect(machine.latest()).toBeNull();
    const working = machineOf([idle, idle, idle]);
    await working.pass(2);
    expect(working.machine.latest()).not.toBeNull();
  });
});

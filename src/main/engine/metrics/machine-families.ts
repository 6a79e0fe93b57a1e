import type { Sources } from './collect.ts';
import type { MetricFamily, NumberFamily } from './family.ts';

const noLabels = {};

/** What the machine and Poolscope on it do. What this system does not tell has no points. */
export function machineFamilies({ machine, version }: Pick<Sources, 'machine' | 'version'>): MetricFamily[] {
  const latest = machine.latest();
  const sinceMs = latest?.totals.sinceMs ?? 0;
  const family = (
    named: Pick<NumberFamily, 'kind' | 'name' | 'unit' | 'help'>,
    value: number | null | undefined,
  ): NumberFamily => ({
    ...named,
    points: typeof value === 'number' ? [{ labels: noLabels, sinceMs, value }] : [],
  });
  const gauge = (name: string, unit: string, help: string, value: number | null | undefined) =>
    family({ kind: 'gauge', name: `poolscope.${name}`, unit, help }, value);
  const counter = (name: string, unit: string, help: string, value: number | null | undefined) =>
    family(
      { kind: 'counter', name: `poolscope.${name}`, unit, help: `${help} since Poolscope started.` },
      value,
    );
  const { sample, totals } = latest ?? {};
  return [
    {
      ...{ kind: 'gauge', name: 'poolscope.build.info', unit: '' },
      help: 'The version of Poolscope; always 1.',
      points: [{ labels: { version }, sinceMs: 0, value: 1 }],
    },
    gauge('machine.cpu', '1', 'Busy share of all processors, 0 to 1.', sample?.cpu),
    gauge('machine.memory.used', 'By', 'Memory in use.', sample?.memoryUsedBytes),
    gauge('machine.memory.size', 'By', 'Memory there is.', sample?.memoryTotalBytes),
    counter('machine.disk.read', 'By', 'Read from disks', totals?.diskReadBytes),
    counter('machine.disk.written', 'By', 'Written to disks', totals?.diskWrittenBytes),
    counter('machine.network.received', 'By', 'Received by network cards', totals?.receivedBytes),
    counter('machine.network.sent', 'By', 'Sent by network cards', totals?.sentBytes),
    counter('process.cpu', 's', 'Processor time of Poolscope', totals && totals.processCpuMs / 1000),
    gauge('process.resident_memory', 'By', 'Memory of Poolscope.', sample?.poolscopeMemoryBytes),
  ];
}

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { collect, type Sources } from './collect.ts';
import type { MetricFamily } from './family.ts';
import { AllPoolTotals } from './pool-totals.ts';
import { prometheusName, toText } from './prometheus.ts';

const docs = (name: string) =>
  readFile(fileURLToPath(new URL(`../../../../docs/prometheus/${name}`, import.meta.url)), 'utf8');

const totals = new AllPoolTotals();
totals.add([sampleAt(1_790_000_000_000, { waitMs: histogramOf([0.2, 3, 40, 90_000]) })]);
const machineSample = {
  ...{ atMs: 1, intervalMs: 5000, cpu: 0.5, memoryUsedBytes: 1, memoryTotalBytes: 2, poolscopeCpu: 0.1 },
  ...{ diskReadBytesPerSecond: 1, diskWrittenBytesPerSecond: 1, receivedBytesPerSecond: 1 },
  ...{ sentBytesPerSecond: 1, poolscopeMemoryBytes: 1 },
};
const machineTotals = {
  ...{
    sinceMs: 1,
    diskReadBytes: 1,
    diskWrittenBytes: 1,
    receivedBytes: 1,
    sentBytes: 1,
    processCpuMs: 1500,
  },
};
const health = {
  ...{
    state: 'healthy' as const,
    roundTripMs: 2,
    lastCheckedAtMs: 1,
    consecutiveFailures: 0,
    lastError: null,
  },
};
const sources: Sources = {
  listProfiles: () => [{ profileId: 'a', name: 'Orders' }],
  statusOf: (profileId) => ({
    ...{ profileId, state: 'open', target: 'database', openedAtMs: 1, error: null, health },
  }),
  totalsOf: (profileId) => totals.of(profileId),
  breakerOf: () => 'half-open',
  machine: { latest: () => ({ sample: machineSample, totals: machineTotals }) },
  version: '1.2.3',
};
const families = collect(sources, null);

/** Every name that lines of the text begin with. */
const served = new Set(
  toText(families, 'prometheus')
    .split('\n')
    .flatMap((line) => /^([a-z]\w*)/.exec(line)?.[1] ?? []),
);
const namesIn = (text: string) => [...new Set(text.match(/\b(?:poolscope|db_client)_\w+/g) ?? [])];
const labels = new Set([
  ...['db_client_connection_pool_name', 'db_client_connection_state', 'poolscope_health_state'],
  'poolscope_breaker_state',
]);

const expressionsSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
  templating: z.object({ list: z.array(z.unknown()) }),
});

describe('what docs/prometheus says', () => {
  it('names in the dashboard exactly what the endpoint serves', async () => {
    const dashboard = z.parse(expressionsSchema, JSON.parse(await docs('grafana-dashboard.json')));
    const texts = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(texts.length).toBeGreaterThan(20);
    const named = namesIn([...texts, JSON.stringify(dashboard.templating)].join('\n'));
    expect(named.filter((name) => !served.has(name) && !labels.has(name))).toEqual([]);
  });

  it('lists every metric there is, and none that is not', async () => {
    const listed = namesIn(await docs('README.md')).filter((name) => !labels.has(name));
    expect(listed.sort()).toEqual(families.map((family) => prometheusName(family)).sort());
  });

  it('has each family with a value when everything is known', () => {
    expect(families.filter(({ points }) => points.length === 0)).toEqual([]);
  });
});

describe('metrics as text', () => {
  it('puts durations into buckets that hold all below them, and keeps count and sum exact', () => {
    const text = toText(families, 'prometheus');
    const bucket = (le: string) =>
      Number(new RegExp(`wait_time_seconds_bucket\\{.*le="${le}"\\} (\\d+)`).exec(text)?.[1]);
    expect(['0.0005', '0.005', '0.05', '60', '\\+Inf'].map(bucket)).toEqual([1, 2, 3, 3, 4]);
    expect(text).toMatch(/wait_time_seconds_sum\{.*\} 90\.0432\n/);
  });

  it('escapes what users name their connections', () => {
    const named: MetricFamily = {
      ...{ name: 'poolscope.pool.open', unit: '', kind: 'gauge', help: 'One\nline \\ of help.' },
      points: [{ labels: { 'pool.name': 'a "b" \\ \n c' }, sinceMs: 0, value: 1 }],
    };
    expect(toText([named], 'prometheus')).toBe(
      [
        '# HELP poolscope_pool_open One\\nline \\\\ of help.',
        '# TYPE poolscope_pool_open gauge',
        'poolscope_pool_open{pool_name="a \\"b\\" \\\\ \\n c"} 1',
        '',
      ].join('\n'),
    );
  });
});

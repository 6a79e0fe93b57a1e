import { type Metric, Registry } from 'prom-client';
import { bucketBoundsS, type Distribution, type MetricFamily } from './family.ts';

/** The two formats that Prometheus and those like it read. */
export type TextFormat = 'prometheus' | 'openmetrics';

export const contentTypes = {
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;

/** A label or metric name as Prometheus takes it. */
const plain = (name: string) => name.replaceAll(/[^a-zA-Z0-9_]/g, '_');

/**
 * Names after OpenTelemetry's rules for Prometheus (specification, "Prometheus and OpenMetrics
 * Compatibility"): dots become underscores, the unit and `_total` are appended.
 */
export function prometheusName({ name, unit, kind }: Pick<MetricFamily, 'name' | 'unit' | 'kind'>): string {
  const suffixes: Record<string, string> = { s: '_seconds', By: '_bytes', '1': '_ratio' };
  return `${plain(name)}${suffixes[unit] ?? ''}${kind === 'counter' ? '_total' : ''}`;
}

/** What `prom-client` writes: one line of text each. */
interface Line {
  metricName?: string;
  labels: Record<string, string | number>;
  sharedLabels: Readonly<Record<string, string>>;
  value: number;
}

/**
 * The families as text. `prom-client` formats them; its own counters and histograms cannot take
 * what was counted elsewhere, so each family is handed over as one that is collected already.
 */
export async function toText(families: readonly MetricFamily[], format: TextFormat): Promise<string> {
  const registry = new Registry<(typeof contentTypes)[TextFormat]>();
  registry.setContentType(contentTypes[format]);
  for (const family of families) {
    if (family.points.length === 0) continue;
    const name = prometheusName(family);
    // For OpenMetrics `prom-client` appends `_total` to the values of a counter itself.
    const written = format === 'openmetrics' ? name.replace(/_total$/, '') : name;
    const { help } = family;
    const collected = {
      ...{ name: written, help, type: typeOf(family, name, format), values: linesOf(family, name) },
    };
    registry.registerMetric({ name, get: async () => collected } as unknown as Metric);
  }
  return await registry.metrics();
}

/** A name on `_count` belongs to histograms: with any other type checkers refuse the name OpenTelemetry gave it. */
function typeOf({ kind }: MetricFamily, name: string, format: TextFormat): string {
  if (kind !== 'gauge' || !name.endsWith('_count')) return kind;
  return format === 'prometheus' ? 'untyped' : 'unknown';
}

function linesOf(family: MetricFamily, name: string): Line[] {
  const shared = new Map<object, Record<string, string>>();
  const sharedOf = (labels: Readonly<Record<string, string>>) => {
    let plainLabels = shared.get(labels);
    if (plainLabels === undefined) {
      plainLabels = plainLabelsOf(labels);
      shared.set(labels, plainLabels);
    }
    return plainLabels;
  };
  if (family.kind === 'histogram')
    return family.points.flatMap(({ labels, value }) => histogramLines(value, name, sharedOf(labels)));
  return family.points.map(({ labels, more, value }) => ({
    ...{ labels: more === undefined ? {} : plainLabelsOf(more), sharedLabels: sharedOf(labels), value },
  }));
}

const plainLabelsOf = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [plain(key), value]));

/** Buckets of Prometheus hold everything up to their bound. */
function histogramLines(
  { counts, count, sumMs }: Distribution,
  name: string,
  sharedLabels: Record<string, string>,
): Line[] {
  const lines: Line[] = [];
  let upTo = 0;
  for (const [index, bound] of bucketBoundsS.entries()) {
    upTo += counts[index] ?? 0;
    lines.push({ metricName: `${name}_bucket`, labels: { le: bound }, sharedLabels, value: upTo });
  }
  lines.push(
    { metricName: `${name}_bucket`, labels: { le: '+Inf' }, sharedLabels, value: count },
    { metricName: `${name}_sum`, labels: {}, sharedLabels, value: sumMs / 1000 },
    { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
  );
  return lines;
}

/** Which format a request asks for by `Accept`: OpenMetrics where it is named and not refused, else the text of old. */
export function formatFor(accept: string | undefined): TextFormat {
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (type !== 'application/openmetrics-text') continue;
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    if (!isRefused) return 'openmetrics';
  }
  return 'prometheus';
}

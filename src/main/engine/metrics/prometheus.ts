import { bucketBoundsS, type DistributionFamily, type MetricFamily, type NumberFamily } from './family.ts';

/** The two formats that Prometheus and those like it read. */
export type TextFormat = 'prometheus' | 'openmetrics';

export const contentTypes = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const;

const suffixOfUnit: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes', '1': '_ratio' };

/** A label or metric name as Prometheus takes it. */
const plain = (name: string) => name.replaceAll(/[^a-zA-Z0-9_]/g, '_');

/**
 * Names after OpenTelemetry's rules for Prometheus (specification, "Prometheus and OpenMetrics
 * Compatibility"): dots become underscores, the unit and `_total` are appended.
 */
export function prometheusName({ name, unit, kind }: Pick<MetricFamily, 'name' | 'unit' | 'kind'>): string {
  return `${plain(name)}${suffixOfUnit[unit] ?? ''}${kind === 'counter' ? '_total' : ''}`;
}

/**
 * The families as text (prometheus.io, "Exposition formats"; OpenMetrics 1.0). Written here and not
 * by `prom-client`: that cannot take what was counted elsewhere, and spends ten times as long.
 */
export function toText(families: readonly MetricFamily[], format: TextFormat): string {
  const lines: string[] = [];
  /** The labels of a pool are one object, used by every family. */
  const written = new Map<object, string>();
  const labelsOf = (labels: Readonly<Record<string, string>>): string => {
    let text = written.get(labels);
    if (text === undefined) {
      text = Object.entries(labels)
        .map(([name, value]) => `${plain(name)}="${escapeLabel(value)}"`)
        .join(',');
      written.set(labels, text);
    }
    return text;
  };
  for (const family of families) {
    if (family.points.length === 0) continue;
    const name = prometheusName(family);
    // OpenMetrics names a counter without the `_total` of its values.
    const familyName = format === 'openmetrics' ? name.replace(/_total$/, '') : name;
    lines.push(`# HELP ${familyName} ${escapeHelp(family.help)}`);
    lines.push(`# TYPE ${familyName} ${typeOf(family, name, format)}`);
    if (family.kind === 'histogram') writeDistributions(family, name, labelsOf, lines);
    else writeNumbers(family, name, labelsOf, lines);
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

/** A name on `_count` belongs to histograms: with any other type checkers refuse the name OpenTelemetry gave it. */
function typeOf({ kind }: MetricFamily, name: string, format: TextFormat): string {
  if (kind !== 'gauge' || !name.endsWith('_count')) return kind;
  return format === 'prometheus' ? 'untyped' : 'unknown';
}

type LabelsOf = (labels: Readonly<Record<string, string>>) => string;

function writeNumbers({ points }: NumberFamily, name: string, labelsOf: LabelsOf, lines: string[]): void {
  for (const { labels, more, value } of points) {
    const shared = labelsOf(labels);
    const own = more === undefined ? '' : labelsOf(more);
    const all = own === '' || shared === '' ? shared + own : `${shared},${own}`;
    lines.push(`${name}${all === '' ? '' : `{${all}}`} ${value}`);
  }
}

/** Buckets of Prometheus hold everything up to their bound. */
function writeDistributions(
  { points }: DistributionFamily,
  name: string,
  labelsOf: LabelsOf,
  lines: string[],
): void {
  for (const { labels, value } of points) {
    const shared = labelsOf(labels);
    let upTo = 0;
    for (const [index, bound] of bucketBoundsS.entries()) {
      upTo += value.counts[index] ?? 0;
      lines.push(`${name}_bucket{${shared},le="${bound}"} ${upTo}`);
    }
    lines.push(`${name}_bucket{${shared},le="+Inf"} ${value.count}`);
    lines.push(`${name}_sum{${shared}} ${value.sumMs / 1000}`);
    lines.push(`${name}_count{${shared}} ${value.count}`);
  }
}

const escapeHelp = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapeLabel = (text: string) => escapeHelp(text).replaceAll('"', '\\"');

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

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { PushResult } from '#shared/contract/metrics.ts';
import type { MetricFamily } from '../family.ts';
import { metricDataOf } from './metric-data.ts';
import { pushFailure } from './push-errors.ts';

export interface PushOptions {
  url: string;
  headers: Record<string, string>;
  intervalMs: number;
  version: string;
  /** What tells this Poolscope from others: attributes of OpenTelemetry's resource. */
  identity: Readonly<Record<string, string>>;
  collect(): MetricFamily[];
  nowMs(): number;
  onResult(result: PushResult): void;
}

export interface Push {
  /** Pushes once, and settles when that has ended, however it did. */
  pushNow(): Promise<void>;
  /** Pushes a last time within the deadline unless the last one failed, then lets go of everything. */
  close(deadlineMs: number): Promise<void>;
}

/** Retries of what passes by itself included. */
const exportTimeoutMs = 3000;

/**
 * Pushes metrics to a collector every so often, through OpenTelemetry's own reader and exporter.
 * What is counted here already comes as a `MetricProducer`, the SDK's way for metrics of elsewhere.
 */
export function startPush(options: PushOptions): Push {
  const { url, headers, intervalMs, version, identity, nowMs, onResult } = options;
  const agents: (HttpAgent | HttpsAgent)[] = [];
  let last: MetricFamily[] | null = null;
  let lastFailed = false;

  const exporter = new OTLPMetricExporter({
    ...{ url, headers, timeoutMillis: exportTimeoutMs, userAgent: `Poolscope/${version}` },
    // The exporter never closes its connections; ours can be.
    httpAgentOptions: (protocol) => {
      const agent =
        protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
      agents.push(agent);
      return agent;
    },
  });
  const watched: PushMetricExporter = {
    export(metrics, done) {
      // Whoever quits does not wait once more for a collector that is not there.
      if (last !== null && lastFailed) return done({ code: 0 });
      exporter.export(metrics, (result) => {
        lastFailed = result.code !== 0;
        const error = lastFailed ? pushFailure(result.error) : null;
        onResult({ atMs: nowMs(), points: pointsIn(metrics), error });
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
  const resource = resourceFromAttributes({
    ...{ 'service.name': 'poolscope', 'service.version': version, ...identity },
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: watched,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: exportTimeoutMs + 1000,
    metricProducers: [
      {
        collect: async () => {
          const metrics = metricDataOf(last ?? options.collect(), nowMs());
          const scope = { name: 'poolscope', version };
          return { resourceMetrics: { resource, scopeMetrics: [{ scope, metrics }] }, errors: [] };
        },
      },
    ],
  });
  const provider = new MeterProvider({ resource, readers: [reader] });

  return {
    pushNow: () => reader.forceFlush(),
    async close(deadlineMs) {
      // As of now: pools that close meanwhile would be missing.
      last = options.collect();
      const patience = new AbortController();
      const late = sleep(deadlineMs, undefined, { signal: patience.signal }).catch(() => {});
      await Promise.race([provider.shutdown().catch(() => {}), late]);
      patience.abort();
      for (const agent of agents) agent.destroy();
    },
  };
}

const pointsIn = ({ scopeMetrics }: ResourceMetrics): number =>
  scopeMetrics.flatMap(({ metrics }) => metrics).reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);

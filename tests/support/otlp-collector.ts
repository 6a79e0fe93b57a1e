import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listenOn } from './free-port.ts';
import { type Fields, fieldsOf, type Wire } from './protobuf.ts';

/** One value of a metric that a collector received. */
interface ReceivedPoint {
  attributes: Record<string, string>;
  startMs: number;
  atMs: number;
  /** Of numbers. */
  value: number | null;
  /** Of histograms. */
  count: number | null;
  sum: number | null;
  bucketCounts: number[];
  bounds: number[];
}

export interface ReceivedMetric {
  name: string;
  unit: string;
  kind: 'gauge' | 'sum' | 'histogram' | 'other';
  isMonotonic: boolean;
  /** 2 is cumulative. */
  temporality: number;
  points: ReceivedPoint[];
}

export interface ReceivedPush {
  path: string;
  headers: IncomingHttpHeaders;
  resource: Record<string, string>;
  metrics: ReceivedMetric[];
}

export interface Collector {
  /** Where it takes pushes. */
  url: string;
  pushes: ReceivedPush[];
  /** Answers with this status from now on; null leaves requests without an answer. */
  answerWith(status: number | null, headers?: Record<string, string>): void;
  stop(): Promise<void>;
}

/** A collector that takes OTLP over HTTP, protobuf, and reads it as far as tests need. */
export async function startCollector(): Promise<Collector> {
  const pushes: ReceivedPush[] = [];
  let answer: { status: number | null; headers: Record<string, string> } = { status: 200, headers: {} };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    pushes.push({ path: request.url ?? '', headers: request.headers, ...readPush(Buffer.concat(chunks)) });
    if (answer.status === null) return;
    response.writeHead(answer.status, { 'Content-Type': 'application/x-protobuf', ...answer.headers });
    response.end();
  });
  const port = await listenOn(server);
  return {
    url: `http://127.0.0.1:${port}/v1/metrics`,
    pushes,
    answerWith(status, headers = {}) {
      answer = { status, headers };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Field numbers of opentelemetry-proto's `metrics/v1/metrics.proto` and those it includes. */
function readPush(bytes: Uint8Array): Pick<ReceivedPush, 'resource' | 'metrics'> {
  const [resourceMetrics] = messages(fieldsOf(bytes), 1);
  if (resourceMetrics === undefined) return { resource: {}, metrics: [] };
  const [resource] = messages(resourceMetrics, 1);
  const scopes = messages(resourceMetrics, 2);
  return {
    resource: resource === undefined ? {} : attributesOf(messages(resource, 1)),
    metrics: scopes.flatMap((scope) => messages(scope, 2).map(metricOf)),
  };
}

function metricOf(metric: Fields): ReceivedMetric {
  const kinds = { 5: 'gauge', 7: 'sum', 9: 'histogram' } as const;
  const number = ([5, 7, 9] as const).find((field) => metric.has(field));
  const [data] = number === undefined ? [] : messages(metric, number);
  return {
    name: text(metric, 1),
    unit: text(metric, 3),
    kind: number === undefined ? 'other' : kinds[number],
    temporality: data === undefined ? 0 : whole(data, 2),
    isMonotonic: data !== undefined && whole(data, 3) === 1,
    points: data === undefined ? [] : messages(data, 1).map((point) => pointOf(point, number === 9)),
  };
}

function pointOf(point: Fields, isHistogram: boolean): ReceivedPoint {
  const bigInteger = (wire: Wire | undefined) =>
    wire === undefined || wire.bytes === undefined ? 0n : Buffer.from(wire.bytes).readBigUInt64LE();
  const double = (wire: Wire | undefined) =>
    wire?.bytes === undefined ? null : Buffer.from(wire.bytes).readDoubleLE();
  const many = (field: number) =>
    (point.get(field) ?? []).flatMap(({ bytes = new Uint8Array() }) =>
      Array.from({ length: bytes.length / 8 }, (_, i) => bytes.slice(i * 8, i * 8 + 8)),
    );
  const first = (field: number) => point.get(field)?.[0];
  const asInteger = first(6);
  return {
    attributes: attributesOf(messages(point, isHistogram ? 9 : 7)),
    startMs: Number(bigInteger(first(2)) / 1_000_000n),
    atMs: Number(bigInteger(first(3)) / 1_000_000n),
    value: isHistogram ? null : asInteger === undefined ? double(first(4)) : Number(bigInteger(asInteger)),
    count: isHistogram ? Number(bigInteger(first(4))) : null,
    sum: isHistogram ? double(first(5)) : null,
    bucketCounts: isHistogram ? many(6).map((bytes) => Number(Buffer.from(bytes).readBigUInt64LE())) : [],
    bounds: isHistogram ? many(7).map((bytes) => Buffer.from(bytes).readDoubleLE()) : [],
  };
}

function attributesOf(pairs: Fields[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [value] = messages(pair, 2);
      return [text(pair, 1), value === undefined ? '' : text(value, 1)];
    }),
  );
}

const messages = (fields: Fields, field: number): Fields[] =>
  (fields.get(field) ?? []).map(({ bytes = new Uint8Array() }) => fieldsOf(bytes));
const text = (fields: Fields, field: number): string =>
  Buffer.from(fields.get(field)?.[0]?.bytes ?? []).toString('utf8');
const whole = (fields: Fields, field: number): number => Number(fields.get(field)?.[0]?.varint ?? 0n);

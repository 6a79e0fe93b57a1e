import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../../../tests/support/engine.ts';
import { eventually } from '../../../../../tests/support/eventually.ts';
import {
  type Collector,
  type ReceivedMetric,
  startCollector,
} from '../../../../../tests/support/otlp-collector.ts';
import { startTestServer, type TestServer } from '../../../../../tests/support/postgres-server.ts';

let server: TestServer;
let collector: Collector;
let tested: TestEngine;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const start = async (folder?: string) => {
  collector = await startCollector();
  tested = await startTestEngine(folder);
};
afterEach(async () => {
  await tested.close();
  await collector.stop();
});

const keep = { kind: 'keep' as const };
const intervalMs = 3_600_000;
const on = (url = collector.url) => ({ settings: { enabled: true, url, intervalMs }, headers: keep });
const pushNow = async () => (await tested.call('metrics.pushNow', {})).push.lastPush;

const metric = (name: string): ReceivedMetric | undefined =>
  collector.pushes.at(-1)?.metrics.find((other) => other.name === name);

// Each test starts an engine or two; a busy machine takes its time over that.
describe('pushing metrics to a collector', { timeout: 90_000 }, () => {
  it('sends what the pools did, under the names, units and kinds of OpenTelemetry', async () => {
    await start();
    await tested.call('metrics.setPush', on());
    const profileId = await tested.opened(server.draft({ name: 'Orders', max: 7 }), server.password);
    for (let i = 0; i < 12; i += 1) await tested.call('health.check', { profileId });
    await eventually(async () => {
      expect(await pushNow()).toMatchObject({ error: null });
      return metric('poolscope.pool.acquired')?.points[0]?.value ?? 0;
    }).toBeGreaterThanOrEqual(12);

    const [push] = collector.pushes.slice(-1);
    expect(push?.headers['content-type']).toBe('application/x-protobuf');
    expect(push?.headers['user-agent']).toMatch(/^Poolscope\/0\.0\.0 /);
    expect(push?.resource).toMatchObject({
      'service.name': 'poolscope',
      'service.version': '0.0.0',
      'service.instance.id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const ofOrders = { 'db.client.connection.pool.name': 'Orders' };
    expect(metric('db.client.connection.max')).toMatchObject({
      ...{ kind: 'sum', isMonotonic: false, temporality: 2, unit: '{connection}' },
      points: [{ attributes: ofOrders, value: 7 }],
    });
    const states = metric('db.client.connection.count')?.points.map(({ attributes }) => attributes);
    expect(states).toEqual([
      { ...ofOrders, 'db.client.connection.state': 'idle' },
      { ...ofOrders, 'db.client.connection.state': 'used' },
    ]);
    expect(metric('db.client.connection.timeouts')).toMatchObject({
      ...{ kind: 'sum', isMonotonic: true, temporality: 2, points: [{ value: 0 }] },
    });
    const held = metric('db.client.connection.use_time');
    expect(held).toMatchObject({ kind: 'histogram', unit: 's', temporality: 2 });
    const [point] = held?.points ?? [];
    expect(point?.count).toBeGreaterThanOrEqual(12);
    expect(point?.bucketCounts.reduce((sum, count) => sum + count, 0)).toBe(point?.count);
    expect(point?.bucketCounts).toHaveLength((point?.bounds.length ?? 0) + 1);
    expect(point?.sum).toBeGreaterThan(0);
    expect(point?.startMs).toBeGreaterThan(1e12);
    expect(point?.startMs).toBeLessThan(point?.atMs ?? 0);
    expect(tested.heard('metrics.changed').at(-1)?.push.lastPush).toMatchObject({ error: null });
  });

  it('keeps headers as a secret that goes to the collector and nowhere else', async () => {
    await start();
    const secret = 'Bearer abc-123-secret';
    const headers = { kind: 'set' as const, value: `Authorization: ${secret}\nX-Scope: eu` };
    const { push } = await tested.call('metrics.setPush', { ...on(), headers });
    expect(push).toMatchObject({ enabled: true, hasHeaders: true });
    await pushNow();
    expect(collector.pushes.at(-1)?.headers).toMatchObject({ authorization: secret, 'x-scope': 'eu' });
    // Setting anything else keeps them.
    await tested.call('metrics.setPush', on());
    await pushNow();
    expect(collector.pushes.at(-1)?.headers).toMatchObject({ authorization: secret });
    const told = JSON.stringify([await tested.call('metrics.status', {}), tested.heard('metrics.changed')]);
    expect(told).not.toContain('abc-123');
    const cleared = await tested.call('metrics.setPush', { ...on(), headers: { kind: 'clear' } });
    expect(cleared.push.hasHeaders).toBe(false);
    await pushNow();
    expect(collector.pushes.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('names the line of a header that is none, without repeating it', async () => {
    await start();
    const set = (value: string) =>
      tested.failure('metrics.setPush', { ...on(), headers: { kind: 'set', value } });
    for (const [value, words] of [
      ['Fine: yes\nhidden-key', 'Line 2 of the headers has no colon after the name.'],
      ['Bad name: hidden-key', 'Line 1 of the headers holds a character that headers cannot have.'],
      ['Content-Type: hidden-key', 'Line 1 of the headers names a header that Poolscope sets itself.'],
      ['X-Key:', 'Line 1 of the headers has no value.'],
    ] as const) {
      const failure = await set(value);
      expect(failure).toMatchObject({ code: 'bad_input', message: words });
      expect(JSON.stringify(failure)).not.toContain('hidden-key');
    }
  });

  it('refuses addresses that would send figures or keys in the clear', async () => {
    await start();
    for (const [url, words] of [
      ['', 'Enter the address of the collector.'],
      ['collector:4318', 'Enter an https address.'],
      ['http://collector.example.com/v1/metrics', 'Plain http is for collectors on this machine'],
      ['https://user:key@collector.example.com/v1/metrics', 'Leave user and password out'],
      ['https://collector.example.com/v1/metrics?key=1', 'keys belong into the headers'],
    ] as const) {
      const { code, message, details } = await tested.failure('metrics.setPush', on(url));
      expect(code).toBe('bad_input');
      expect(message).toContain(words);
      expect(details.fields).toHaveProperty(['settings.url']);
    }
    expect((await tested.call('metrics.status', {})).push.enabled).toBe(false);
  });

  it('says in words why the collector did not take it, and goes on', async () => {
    await start();
    await tested.call('metrics.setPush', on());
    const refusals: [number, string, string][] = [
      [401, 'permission_denied', 'The collector refused the push (HTTP 401).'],
      [404, 'not_found', 'The collector takes no metrics at that address (HTTP 404).'],
      [302, 'not_supported', 'The collector sends elsewhere (HTTP 302), which is not followed.'],
      [400, 'server_unavailable', 'The collector refused the push (HTTP 400).'],
      [503, 'server_unavailable', 'The collector is overloaded or not ready (HTTP 429, 502, 503 or 504).'],
    ];
    for (const [status, code, message] of refusals) {
      collector.answerWith(status, { Location: 'http://127.0.0.1:9/elsewhere' });
      expect(await pushNow()).toMatchObject({ error: { code, message } });
    }
    collector.answerWith(200);
    expect(await pushNow()).toMatchObject({ error: null });
  });

  it('says that no collector listens, or that it does not answer, and ends all the same', async () => {
    await start();
    await tested.call('metrics.setPush', on());
    collector.answerWith(null);
    expect(await pushNow()).toMatchObject({
      error: { code: 'connect_timeout', message: 'The collector did not answer in time.' },
    });
    await collector.stop();
    expect(await pushNow()).toMatchObject({
      error: { code: 'connection_refused', message: 'No collector listens at that address.' },
    });
    // And nothing of it is left behind when Poolscope quits now.
    await tested.close({ keepFolder: true });
    collector = await startCollector();
  });

  it('pushes a last time when Poolscope quits, with the pools that close meanwhile', async () => {
    await start();
    await tested.call('metrics.setPush', on());
    await tested.opened(server.draft({ name: 'Orders' }), server.password);
    await eventually(() => tested.heard('samples.tick').length).toBeGreaterThan(0);
    expect(collector.pushes).toEqual([]);
    await tested.close({ keepFolder: true });
    expect(collector.pushes).toHaveLength(1);
    expect(metric('db.client.connection.max')?.points).toHaveLength(1);
  });

  it('pushes by itself at its interval, also in the next run', async () => {
    await start();
    await tested.call('metrics.setPush', {
      ...{ settings: { enabled: true, url: collector.url, intervalMs: 5000 }, headers: keep },
    });
    await eventually(() => collector.pushes.length).toBeGreaterThanOrEqual(1);
    await tested.close({ keepFolder: true });
    const before = collector.pushes.length;
    tested = await startTestEngine(tested.dataFolder);
    await eventually(() => collector.pushes.length).toBeGreaterThan(before);
  });

  it('says that nothing is pushed while it is off', async () => {
    await start();
    expect(await tested.failure('metrics.pushNow', {})).toMatchObject({
      message: 'Metrics are not being pushed.',
      details: { remedy: 'Switch it on and save.' },
    });
  });
});

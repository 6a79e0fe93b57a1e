import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { freePort, listenOn } from '../../../../tests/support/free-port.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
let tested: TestEngine;
const cleanUps: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(folder?: string): Promise<TestEngine> {
  tested = await startTestEngine(folder);
  const started = tested;
  cleanUps.push(() => started.close());
  return tested;
}

/** An engine whose endpoint is on. */
async function startServing(): Promise<{ url: string; port: number }> {
  await start();
  const port = await freePort();
  const { endpoint } = await tested.call('metrics.setEndpoint', { enabled: true, port });
  expect(endpoint).toMatchObject({ enabled: true, port, url: `http://127.0.0.1:${port}`, error: null });
  return { url: endpoint.url ?? '', port };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Unlike `fetch` it sends whatever Host it is told. */
function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The value of a line of metrics; NaN when there is none. */
function figureIn(text: string, name: string, labels: Record<string, string> = {}): number {
  for (const line of text.split('\n')) {
    const [, found, inBraces = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found !== name) continue;
    if (Object.entries(labels).every(([key, wanted]) => inBraces.includes(`${key}="${wanted}"`)))
      return Number(value);
  }
  return Number.NaN;
}

/** Runs statements through the pool, each of which takes and gives back one connection. */
async function work(profileId: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await tested.call('health.check', { profileId });
}

const pool = (name: string) => ({ db_client_connection_pool_name: name });

// Each test starts an engine or two; a busy machine takes its time over that.
describe('the metrics endpoint', { timeout: 90_000 }, () => {
  it('is off until it is switched on, and frees its port when it is switched off', async () => {
    await start();
    const { endpoint, push } = await tested.call('metrics.status', {});
    expect(endpoint).toEqual({ enabled: false, port: 5481, url: null, error: null });
    expect(push).toMatchObject({ enabled: false, url: '', hasHeaders: false, lastPush: null });
    const port = await freePort();
    await tested.call('metrics.setEndpoint', { enabled: true, port });
    expect((await ask(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    await tested.call('metrics.setEndpoint', { enabled: false, port });
    await expect(ask(`http://127.0.0.1:${port}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(tested.heard('metrics.changed').map(({ endpoint: { url } }) => url)).toEqual([
      `http://127.0.0.1:${port}`,
      null,
    ]);
  });

  it('tells what each pool does under the names of OpenTelemetry, in seconds and totals', async () => {
    const { url } = await startServing();
    const profileId = await tested.opened(
      server.draft({ name: 'Orders "EU"', min: 1, max: 4 }),
      server.password,
    );
    const name = 'Orders \\"EU\\"';
    await work(profileId, 20);
    const fetched = async () => (await ask(`${url}/metrics`)).text;
    await eventually(async () =>
      figureIn(await fetched(), 'poolscope_pool_acquired_total', pool(name)),
    ).toBeGreaterThanOrEqual(20);
    const { text, headers } = await ask(`${url}/metrics`);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const inState = (state: string) => ({ ...pool(name), db_client_connection_state: state });
    await eventually(async () => {
      const now = await fetched();
      const countOf = (state: string) => figureIn(now, 'db_client_connection_count', inState(state));
      return countOf('idle') + countOf('used');
    }).toBeGreaterThanOrEqual(1);
    expect(figureIn(text, 'db_client_connection_max', pool(name))).toBe(4);
    expect(figureIn(text, 'db_client_connection_idle_min', pool(name))).toBe(1);
    expect(figureIn(text, 'db_client_connection_pending_requests', pool(name))).toBe(0);
    expect(figureIn(text, 'db_client_connection_timeouts_total', pool(name))).toBe(0);
    const count = figureIn(text, 'db_client_connection_use_time_seconds_count', pool(name));
    expect(count).toBeGreaterThanOrEqual(20);
    const upTo = (le: string) =>
      figureIn(text, 'db_client_connection_use_time_seconds_bucket', { ...pool(name), le });
    expect(upTo('+Inf')).toBe(count);
    expect(upTo('0.01')).toBeLessThanOrEqual(upTo('60'));
    const sumS = figureIn(text, 'db_client_connection_use_time_seconds_sum', pool(name));
    expect(sumS).toBeGreaterThan(0);
    expect(sumS).toBeLessThan(60);
    const healthy = { ...pool(name), poolscope_health_state: 'healthy' };
    const degraded = { ...pool(name), poolscope_health_state: 'degraded' };
    expect(
      figureIn(text, 'poolscope_pool_health', healthy) + figureIn(text, 'poolscope_pool_health', degraded),
    ).toBe(1);
    const breaker = (state: string) => ({ ...pool(name), poolscope_breaker_state: state });
    expect(
      ['closed', 'open', 'half-open'].map((s) => figureIn(text, 'poolscope_pool_breaker', breaker(s))),
    ).toEqual([1, 0, 0]);
    expect(figureIn(text, 'poolscope_pool_round_trip_seconds', pool(name))).toBeLessThan(60);
    await eventually(async () =>
      figureIn(await fetched(), 'poolscope_machine_memory_size_bytes'),
    ).toBeGreaterThan(1e6);
    expect(figureIn(await fetched(), 'poolscope_build_info', { version: '0.0.0' })).toBe(1);
  });

  it('counts on over a pool that was closed and opened again', async () => {
    const { url } = await startServing();
    const profileId = await tested.opened(server.draft({ name: 'Orders' }), server.password);
    const acquired = async () =>
      figureIn((await ask(`${url}/metrics/${profileId}`)).text, 'poolscope_pool_acquired_total');
    await work(profileId, 5);
    await eventually(acquired).toBeGreaterThanOrEqual(5);
    await tested.call('pools.close', { profileId });
    const { text } = await ask(`${url}/metrics/${profileId}`);
    expect(figureIn(text, 'poolscope_pool_open', pool('Orders'))).toBe(0);
    expect(text).not.toContain('db_client_connection_count');
    await tested.call('pools.open', { profileId });
    await work(profileId, 5);
    await eventually(acquired).toBeGreaterThanOrEqual(10);
  });

  it('serves one pool alone by the id of its connection, and says when there is none', async () => {
    const { url } = await startServing();
    const first = await tested.opened(server.draft({ name: 'Orders' }), server.password);
    await tested.opened(server.draft({ name: 'Billing' }), server.password);
    await eventually(async () => (await ask(`${url}/metrics/${first}`)).text).toContain(
      'db_client_connection_max',
    );
    const { text } = await ask(`${url}/metrics/${first}`);
    expect(text).toContain('"Orders"');
    expect(text).not.toContain('Billing');
    expect(text).not.toContain('poolscope_machine');
    for (const wrong of ['/metrics/none', '/metrics/%E0%A4%A', '/metrics/a/b', '/', '/metrics/'])
      expect(await ask(`${url}${wrong}`)).toMatchObject({ status: 404 });
  });

  it('keeps pools of one name apart', async () => {
    const { url } = await startServing();
    const ids = [
      await tested.opened(server.draft({ name: 'Orders' }), server.password),
      await tested.opened(server.draft({ name: 'Orders' }), server.password),
    ];
    const { text } = await ask(`${url}/metrics`);
    for (const id of ids) expect(figureIn(text, 'poolscope_pool_open', pool(`Orders (${id})`))).toBe(1);
  });

  it('says health as JSON: degraded while one of two is lost, 503 when all are', async () => {
    const { url } = await startServing();
    const health = async () => {
      const { status, text, headers } = await ask(`${url}/health`);
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(text).not.toContain(server.password);
      return { httpStatus: status, ...JSON.parse(text) };
    };
    const overview = async () => (await tested.call('health.overview', {})).state;
    expect(await health()).toMatchObject({ httpStatus: 200, status: 'unknown', pools: [] });
    expect(await overview()).toBe('unknown');
    const good = await tested.opened(server.draft({ name: 'Good' }), server.password);
    await tested.opened(server.draft({ name: 'Bad', port: await freePort() }), server.password);
    await eventually(health).toMatchObject({
      httpStatus: 200,
      status: 'degraded',
      counts: { unhealthy: 1, closed: 0 },
      pools: [{ name: 'Good' }, { name: 'Bad', state: 'unhealthy', error: { code: 'connection_refused' } }],
    });
    expect(await overview()).toBe('degraded');
    await tested.call('pools.close', { profileId: good });
    expect(await overview()).toBe('unhealthy');
    expect(await health()).toMatchObject({
      httpStatus: 503,
      status: 'unhealthy',
      counts: { closed: 1, unhealthy: 1 },
    });
  });

  it('answers to its own name alone, to GET alone, and under strict headers', async () => {
    const { url, port } = await startServing();
    const bent = await ask(`${url}/metrics`, { headers: { Host: `attacker.example:${port}` } });
    expect(bent.status).toBe(421);
    expect(bent.text).not.toContain('poolscope_');
    expect((await ask(`${url}/metrics`, { headers: { Host: `localhost:${port}` } })).status).toBe(200);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
      expect(await ask(`${url}/metrics`, { method })).toMatchObject({
        status: 405,
        headers: { allow: 'GET' },
      });
    }
    const { headers } = await ask(`${url}/health`);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('writes OpenMetrics for those who ask for it', async () => {
    const { url } = await startServing();
    await tested.opened(server.draft({ name: 'Orders' }), server.password);
    const Accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    const openMetrics = () => ask(`${url}/metrics`, { headers: { Accept } });
    await eventually(async () => (await openMetrics()).text).toContain('db_client_connection_timeouts_total');
    const { text, headers } = await openMetrics();
    expect(headers['content-type']).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(text).toContain('# TYPE db_client_connection_timeouts counter\n');
    expect(figureIn(text, 'db_client_connection_timeouts_total', pool('Orders'))).toBe(0);
    expect(text).toContain('# TYPE db_client_connection_count unknown\n');
    expect(text.endsWith('\n# EOF\n')).toBe(true);
  });

  it('says which port is in use, and leaves everything as it was', async () => {
    const { port } = await startServing();
    const other = createServer();
    cleanUps.push(() => new Promise((resolve) => other.close(resolve)));
    const taken = await listenOn(other);
    expect(await tested.failure('metrics.setEndpoint', { enabled: true, port: taken })).toEqual({
      code: 'port_in_use',
      message: `Port ${taken} is in use by another program.`,
      details: { remedy: 'Choose another port, or end that program.' },
    });
    expect((await tested.call('metrics.status', {})).endpoint).toMatchObject({ port, error: null });
    expect((await ask(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    expect(await tested.failure('metrics.setEndpoint', { enabled: true, port: 80 })).toMatchObject({
      code: 'bad_input',
      message: 'Enter a port from 1024 to 65535.',
    });
  });

  it('is there again in the next run, and says so when its port was taken meanwhile', async () => {
    const { port } = await startServing();
    await tested.close({ keepFolder: true });
    const again = await start(tested.dataFolder);
    expect((await ask(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    await again.close({ keepFolder: true });
    const other = createServer();
    await listenOn(other, port);
    cleanUps.push(() => new Promise((resolve) => other.close(resolve)));
    await start(again.dataFolder);
    expect((await tested.call('metrics.status', {})).endpoint).toMatchObject({
      enabled: true,
      url: null,
      error: { code: 'port_in_use' },
    });
    expect((await tested.call('app.info', {})).notices).toMatchObject([
      { level: 'warning', message: `Metrics are not served. Port ${port} is in use by another program.` },
    ]);
  });

  it('sets damaged settings aside, says so, and starts with everything off', async () => {
    await start();
    const { dataFolder } = tested;
    await tested.close({ keepFolder: true });
    await writeFile(
      path.join(dataFolder, 'metrics.json'),
      '{"version":1,"content":{"endpoint":{"enabled":"yes"}}}',
    );
    await start(dataFolder);
    expect((await tested.call('metrics.status', {})).endpoint).toMatchObject({ enabled: false, url: null });
    const [notice] = (await tested.call('app.info', {})).notices;
    expect(notice).toMatchObject({ level: 'warning', message: expect.stringContaining('could not be read') });
    const aside = (await readdir(dataFolder)).find((name) => name.startsWith('metrics.corrupt-')) ?? 'none';
    expect(notice?.message).toContain(aside);
    expect(await readFile(path.join(dataFolder, aside), 'utf8')).toContain('"yes"');
  });

  const promtool = spawnSync('promtool', ['--version']).error === undefined;
  it.skipIf(!promtool)('passes "promtool check metrics" with pools open, closed and lost', async () => {
    const { url } = await startServing();
    const first = await tested.opened(server.draft({ name: 'Orders "today" \\ {}' }), server.password);
    await tested.opened(server.draft({ name: 'Billing' }), server.password);
    const closed = await tested.opened(server.draft({ name: 'Closed' }), server.password);
    await tested.call('pools.close', { profileId: closed });
    await tested.opened(server.draft({ name: 'Lost', port: await freePort() }), server.password);
    await work(first, 3);
    await eventually(async () => (await ask(`${url}/metrics`)).text).toContain('poolscope_machine_cpu_ratio');
    for (const path of ['/metrics', `/metrics/${first}`]) {
      const { text } = await ask(`${url}${path}`);
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text });
      expect(`${stdout}${stderr}`).toBe('');
      expect(status).toBe(0);
    }
  });
  it.skipIf(promtool)('was not checked by promtool: install the package "prometheus"', () => {});
});

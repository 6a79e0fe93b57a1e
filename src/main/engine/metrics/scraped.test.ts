import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { freePort } from '../../../../tests/support/free-port.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

const docs = (name: string) =>
  readFile(fileURLToPath(new URL(`../../../../docs/prometheus/${name}`, import.meta.url)), 'utf8');

const hasPrometheus = spawnSync('prometheus', ['--version']).error === undefined;

/** Prometheus on a folder of its own, with the example's configuration at a faster pace. */
class Prometheus {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#url = `http://127.0.0.1:${port}`;
    this.#process = spawn(
      'prometheus',
      [
        `--config.file=${path.join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
  }

  static async start(endpointPort: number): Promise<Prometheus> {
    const folder = await mkdtemp(path.join(tmpdir(), 'poolscope-test-prometheus-'));
    const example = await docs('prometheus.yml');
    const configuration = example
      .replace('127.0.0.1:5481', `127.0.0.1:${endpointPort}`)
      .replace('scrape_interval: 15s', 'scrape_interval: 1s');
    await writeFile(path.join(folder, 'prometheus.yml'), configuration);
    return new Prometheus(folder, await freePort());
  }

  /** What an expression gives now, or the words it was refused with. */
  async query(expression: string): Promise<{ status: string; error?: string; values: number[] }> {
    const address = `${this.#url}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const answer = (await (await fetch(address)).json()) as {
      status: string;
      error?: string;
      data?: { result: { value: [number, string] }[] };
    };
    const values = (answer.data?.result ?? []).map(({ value }) => Number(value[1]));
    return { status: answer.status, ...(answer.error && { error: answer.error }), values };
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

describe.skipIf(!hasPrometheus)(
  'a real Prometheus with the example configuration',
  { timeout: 90_000 },
  () => {
    let server: TestServer;
    let tested: TestEngine;
    let prometheus: Prometheus;

    beforeAll(async () => {
      server = await startTestServer();
      tested = await startTestEngine();
      const port = await freePort();
      await tested.call('metrics.setEndpoint', { enabled: true, port });
      await tested.opened(server.draft({ name: 'Orders', max: 6 }), server.password);
      prometheus = await Prometheus.start(port);
    });
    afterAll(async () => {
      await prometheus.stop();
      await tested.close();
      await server.stop();
    });

    const patiently = <T>(get: () => Promise<T>) =>
      expect.poll(() => get().catch(() => null), { timeout: 60_000, interval: 500 });

    it('fetches the pools, in the format it asks for', async () => {
      await patiently(async () => (await prometheus.query('up')).values).toEqual([1]);
      const max = 'db_client_connection_max{db_client_connection_pool_name="Orders", job="poolscope"}';
      await patiently(async () => (await prometheus.query(max)).values).toEqual([6]);
    });

    it('understands every expression of the dashboard', async () => {
      await patiently(async () => (await prometheus.query('up')).values).toEqual([1]);
      const schema = z.object({
        panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })) })),
      });
      const { panels } = z.parse(schema, JSON.parse(await docs('grafana-dashboard.json')));
      for (const { expr } of panels.flatMap(({ targets }) => targets)) {
        const asked = expr.replaceAll('$pool', '.*').replaceAll('$__rate_interval', '1m');
        expect(await prometheus.query(asked), asked).toMatchObject({ status: 'success' });
      }
      const waits = 'histogram_quantile(0.5, rate(db_client_connection_wait_time_seconds_bucket[1m]))';
      expect((await prometheus.query(waits)).status).toBe('success');
    });
  },
);

describe.skipIf(hasPrometheus)('a real Prometheus', () => {
  it.skip('was not there to ask: install the package "prometheus"', () => {});
});

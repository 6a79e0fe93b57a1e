/**
 * What serving metrics costs: `node bench/endpoint.ts [--json]`. Starts a PostgreSQL server of its
 * own; exits with 1 when a bar is missed.
 *
 * - scrapeMs, worstScrapeMs: one fetch of `/metrics` of 50 open pools, asked to read whole, over a
 *   connection kept open as Prometheus keeps it; the median and the worst of 200.
 * - scrapeCpuMs: processor time of this process for one, that of asking included.
 * - machineSampleCpuMs: the same for one look at the machine, of which there is one in 5 s.
 */
import { Agent, request } from 'node:http';
import { readMachine } from '#engine/machine/index.ts';
import { startTestEngine } from '../tests/support/engine.ts';
import { startTestServer } from '../tests/support/postgres-server.ts';
import { report } from './report.ts';

const poolCount = 50;
const scrapes = 200;
const port = 15_481;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The text of an address. */
function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Milliseconds of processor time that some work took, each time. */
async function cpuMsOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

const server = await startTestServer({ settings: { max_connections: '150' } });
const tested = await startTestEngine();
try {
  const { endpoint } = await tested.call('metrics.setEndpoint', { enabled: true, port });
  const ids = await Promise.all(
    Array.from({ length: poolCount }, (_, i) =>
      tested.opened(server.draft({ name: `Pool ${i}`, min: 1, max: 2 }), server.password),
    ),
  );
  for (const profileId of ids) await tested.call('health.check', { profileId });
  const url = `${endpoint.url}/metrics`;
  const countPools = (text: string) => text.match(/^db_client_connection_max\{/gm)?.length ?? 0;
  let text = '';
  while (countPools(text) < poolCount) text = await fetchText(url);
  for (let i = 0; i < 20; i += 1) await fetchText(url);

  const tookMs: number[] = [];
  const scrapeCpuMs = await cpuMsOf(scrapes, async () => {
    const startedMs = performance.now();
    text = await fetchText(url);
    tookMs.push(performance.now() - startedMs);
  });
  tookMs.sort((a, b) => a - b);
  await cpuMsOf(50, readMachine);
  report({
    scrapeMs: { measured: tookMs[scrapes >> 1] ?? Number.NaN, digits: 2, bar: { atMost: 20 } },
    worstScrapeMs: { measured: tookMs.at(-1) ?? Number.NaN, digits: 2 },
    scrapeCpuMs: { measured: scrapeCpuMs, digits: 2 },
    pools: { measured: countPools(text), bar: { atLeast: poolCount } },
    lines: { measured: text.split('\n').length },
    kilobytes: { measured: text.length / 1000 },
    machineSampleCpuMs: { measured: await cpuMsOf(200, readMachine), digits: 2 },
  });
} finally {
  agent.destroy();
  await tested.close();
  await server.stop();
}

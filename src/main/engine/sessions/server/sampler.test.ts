import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../../../tests/support/postgres-server.ts';
import { clientsOf } from '../../../../../tests/support/sessions.ts';
import { systemClock } from '../../base/clock.ts';
import { lookAtServer } from './look.ts';
import { MonitorConnection, type Rows } from './monitor-connection.ts';
import { ServerSampler } from './sampler.ts';

let server: TestServer;
let clients: ReturnType<typeof clientsOf>;
let connection: MonitorConnection;
/** What happens to an answer on its way. */
let amend: (answer: Rows[]) => void;
let sampler: ServerSampler;

beforeAll(async () => {
  server = await startTestServer();
  clients = clientsOf(server);
  const { host, port, user, password, database } = server;
  const config = { host, port, user, password, database };
  connection = await MonitorConnection.open(config, new AbortController().signal, () => {});
});
beforeEach(async () => {
  amend = () => {};
  const through = {
    async ask(statements: string) {
      const answer = await connection.ask(statements);
      amend(answer);
      return answer;
    },
  };
  sampler = new ServerSampler(through, await lookAtServer(connection), systemClock);
});
afterAll(async () => {
  await clients?.end();
  await connection?.end();
  await server?.stop();
});

describe('a sample', () => {
  it('takes no more than two round trips on a server that counts processes it does not list', async () => {
    const shop = await clients.connect('shop');
    let asked = 0;
    amend = (answer) => {
      asked += 1;
      (answer[1]?.[0]?.[0] as number[] | undefined)?.push(2_000_000_000);
    };
    const first = await sampler.take();
    const second = await sampler.take();
    expect([first.roundTrips, second.roundTrips, asked]).toEqual([1, 2, 3]);
    expect(second.sessions.map(({ pid }) => pid)).toContain(shop.pid);
    expect(second.sessions.map(({ pid }) => pid)).not.toContain(2_000_000_000);
  });

  it('asks for every session anew when the clock of the server was put back', async () => {
    await clients.connect('shop');
    await sampler.take();
    amend = (answer) => {
      for (const row of answer[2] ?? []) row[0] = (row[0] as number) - 60_000;
    };
    expect((await sampler.take()).roundTrips).toBe(2);
    expect((await sampler.take()).roundTrips).toBe(1);
  });
});

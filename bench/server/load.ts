import pg from 'pg';
import type { TestServer } from '../../tests/support/postgres-server.ts';

type State = 'idle' | 'idleInTransaction' | 'active' | 'blocked';

const applications = ['shop', 'billing-api', 'reports', 'search', 'mailer', 'worker', 'admin-ui', 'import'];

/** Sessions in these numbers, of eight applications; those blocked wait for one row. */
export async function openMixedSessions(server: TestServer, counts: Record<State, number>) {
  const { host, port, user, password, database } = server;
  const clients: pg.Client[] = [];
  const waiting: Promise<unknown>[] = [];
  const states = Object.entries(counts).flatMap(([state, count]) =>
    new Array<State>(count).fill(state as State),
  );
  const open = async (state: State, index: number) => {
    const application_name = applications[index % applications.length] ?? 'shop';
    const client = new pg.Client({ host, port, user, password, database, application_name });
    client.on('error', () => {});
    await client.connect();
    clients.push(client);
    const statement = `SELECT ${index} AS order_id, 'a statement of some length, as services send them' AS note`;
    if (state === 'idle') await client.query(statement);
    if (state === 'idleInTransaction') await client.query(`BEGIN; ${statement}`);
    if (state === 'active') waiting.push(client.query('SELECT pg_sleep(600)').catch(() => {}));
    if (state === 'blocked')
      waiting.push(client.query('UPDATE bench_row SET n = n + 1 WHERE id = 1').catch(() => {}));
  };
  const holder = new pg.Client({ host, port, user, password, database, application_name: 'holder' });
  holder.on('error', () => {});
  await holder.connect();
  clients.push(holder);
  await holder.query('CREATE TABLE IF NOT EXISTS bench_row (id int PRIMARY KEY, n int)');
  await holder.query('INSERT INTO bench_row VALUES (1, 0) ON CONFLICT DO NOTHING');
  await holder.query('BEGIN; UPDATE bench_row SET n = 1 WHERE id = 1');
  for (let from = 0; from < states.length; from += 25) {
    await Promise.all(states.slice(from, from + 25).map((state, index) => open(state, from + index)));
  }
  return {
    clients,
    async end() {
      const text =
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = ANY($1)';
      await server.admin((admin) => admin.query(text, [[...applications, 'holder']]));
      await Promise.all([...waiting, ...clients.map((client) => client.end().catch(() => {}))]);
    },
  };
}

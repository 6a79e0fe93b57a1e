import fc from 'fast-check';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkModes, releaseActions, reuseOrders } from '#shared/model/profile/pool.ts';
import { eventually } from '../../../../tests/support/eventually.ts';
import { configFor, createLedger, poolFor, sessionsOf } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ settings: { max_connections: '60' } });
});
afterAll(() => server.stop());

const size = fc.record({
  max: fc.integer({ min: 1, max: 4 }),
  overflow: fc.integer({ min: 0, max: 2 }),
  min: fc.integer({ min: 0, max: 2 }),
});

/** What users, the server and whoever runs the pool do; `pick` chooses among what is there. */
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('ask' as const), pick: fc.nat(9) }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('release' as const), pick: fc.nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom('query', 'fail', 'leave', 'inTransaction', 'recycle', 'checkIdle', 'pause'),
      pick: fc.nat(9),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('resize' as const), pick: fc.nat(9), size }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('restart' as const), pick: fc.nat(9) }) },
);

const settings = fc.record({
  onRelease: fc.constantFrom(...releaseActions),
  checkBeforeUse: fc.constantFrom(...checkModes),
  checkIdleMs: fc.constant(0),
  reuseOrder: fc.constantFrom(...reuseOrders),
  maxUses: fc.constantFrom(0, 3),
});

const ordered = <Size extends { min: number; max: number }>(given: Size): Size => ({
  ...given,
  min: Math.min(given.min, given.max),
});

/** All sessions of the pool end, as when the server is restarted, and it is there again at once. */
const endSessions = (name: string) =>
  server.admin((admin) =>
    admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [name]),
  );

describe('a pool under any sequence of requests, failures, resizes, restarts and its end', () => {
  it('keeps its size, gives each connection to one holder, keeps the order of requests, and balances', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 45 }),
        size,
        settings,
        async (steps, firstSize, terms) => {
          run += 1;
          const name = `property ${run}`;
          const config = configFor(server, { application_name: name });
          const base = { ...terms, breakerThreshold: 0, retries: 3, retryDelayMs: 10, waitTimeoutMs: 60_000 };
          const pool = poolFor(server, { ...base, ...ordered(firstSize) }, config);
          const ledger = createLedger(pool);
          /** Connections that somebody holds, by the pool's own object. */
          const out: PoolClient[] = [];
          const holders = new Set<PoolClient>();
          /** Requests without an answer, oldest first. */
          const line: number[] = [];
          const asked: Promise<unknown>[] = [];
          let asks = 0;

          const giveBack = (client: PoolClient | undefined, error?: Error) => {
            if (client === undefined) return;
            holders.delete(client);
            client.release(error);
          };
          const takeOne = (pick: number) => out.splice(pick % Math.max(1, out.length), 1)[0];
          const leaveLine = (ticket: number) => line.splice(line.indexOf(ticket), 1);
          const ask = (signal?: AbortSignal) => {
            asks += 1;
            const ticket = asks;
            line.push(ticket);
            const answered = pool.connect(signal && { signal }).then(
              (client) => {
                // Nobody who asked earlier still waits.
                expect(line[0]).toBe(ticket);
                leaveLine(ticket);
                expect(holders.has(client)).toBe(false);
                expect(client.getTransactionStatus()).not.toBe('T');
                holders.add(client);
                out.push(client);
              },
              () => void leaveLine(ticket),
            );
            asked.push(answered);
          };
          const look = () => {
            const { last, ...sum } = ledger.take();
            expect(sum.opened - sum.closed).toBe(pool.openCount);
            expect(sum.acquired - sum.released).toBe(last.used);
            expect(last.idle + last.used).toBeLessThanOrEqual(pool.openCount);
            expect(last.waitMs.count).toBe(last.acquired);
            expect(last.holdMs.count).toBe(last.released);
            return last;
          };
          /** Shrinking leaves more than it allows until what is held comes back; growth never does. */
          let allowed = pool.capacity;
          const checkSize = () => {
            const total = pool.openCount;
            expect(total).toBeLessThanOrEqual(allowed);
            if (total <= pool.capacity) allowed = pool.capacity;
          };

          for (const { what, pick, ...rest } of steps) {
            if (what === 'ask') ask();
            else if (what === 'release') giveBack(takeOne(pick));
            else if (what === 'fail') giveBack(takeOne(pick), new Error('failed'));
            else if (what === 'leave') {
              const impatience = new AbortController();
              ask(impatience.signal);
              setImmediate(() => impatience.abort(new Error('changed my mind')));
            } else if (what === 'query') {
              const client = out[pick % Math.max(1, out.length)];
              await client?.query('SELECT 1').catch(() => {});
            } else if (what === 'inTransaction') {
              const client = takeOne(pick);
              await client?.query('BEGIN').catch(() => {});
              giveBack(client);
            } else if (what === 'recycle') pool.recycle();
            else if (what === 'checkIdle') asked.push(pool.checkIdle());
            else if (what === 'restart') await endSessions(name);
            else if (what === 'pause') await new Promise((resolve) => setTimeout(resolve, pick));
            else if ('size' in rest) {
              pool.apply({ ...pool.settings, ...ordered(rest.size) });
              allowed = Math.max(allowed, pool.capacity);
            }
            checkSize();
            if (pick % 3 === 0) {
              await new Promise((resolve) => setImmediate(resolve));
              look();
            }
          }

          // Everybody gives back, and everybody who waits is served.
          const givers = setInterval(() => {
            for (const client of out.splice(0)) giveBack(client);
          }, 2);
          await Promise.all(asked);
          clearInterval(givers);
          for (const client of out.splice(0)) giveBack(client);
          expect(line).toEqual([]);
          await eventually(() => look()).toMatchObject({ used: 0, connecting: 0, pending: 0 });
          // At rest the server sees what the pool counts, and no more than persists.
          await eventually(async () => (await sessionsOf(server, name)).length - pool.openCount).toBe(0);
          expect(look().idle).toBeLessThanOrEqual(pool.settings.max);
          await pool.end(5000);
          const { last, ...sum } = ledger.take();
          expect(sum.opened).toBe(sum.closed);
          expect(sum.waitTimeouts).toBe(0);
          expect(last).toMatchObject({ idle: 0, used: 0, connecting: 0 });
          await eventually(() => sessionsOf(server, name)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  }, 600_000);
});

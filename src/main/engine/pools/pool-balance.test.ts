import fc from 'fast-check';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLedger, poolFor } from '../../../../tests/support/pools.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** What users of a pool do, as numbers; `pick` chooses among the clients that are out. */
const step = fc.record({
  what: fc.constantFrom(
    'ask',
    'ask',
    'release',
    'release',
    'fail',
    'query',
    'refuse',
    'break',
    'abandon',
    'leave',
    'look',
  ),
  pick: fc.nat(20),
});

describe('the counters of a pool', () => {
  it('balance after any sequence of asking, releasing, failing and breaking, and the size is kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, max) => {
          const pool = poolFor(server, { max, waitTimeoutMs: 10_000 });
          const ledger = createLedger(pool);
          const out: PoolClient[] = [];
          const asked: Promise<unknown>[] = [];
          const running: Promise<unknown>[] = [];
          const takeOne = (pick: number) => out.splice(pick % Math.max(1, out.length), 1)[0];
          const ask = (signal?: AbortSignal) =>
            asked.push(
              pool
                .connect(signal && { signal })
                .then((client) => out.push(client))
                .catch(() => {}),
            );

          const check = () => {
            const { last, ...sum } = ledger.take();
            expect(last.idle + last.used + last.connecting).toBeLessThanOrEqual(max);
            expect(sum.opened - sum.closed).toBe(last.idle + last.used);
            expect(sum.acquired - sum.released).toBe(last.used);
            expect(last.usedPeak).toBeGreaterThanOrEqual(last.used);
            expect(last.pendingPeak).toBeGreaterThanOrEqual(last.pending);
            expect(last.waitMs.count).toBe(last.acquired);
            expect(last.holdMs.count).toBe(last.released);
            expect(last.connectMs.count).toBe(last.opened);
            return { sum, last };
          };

          for (const { what, pick } of steps) {
            if (what === 'ask') ask();
            else if (what === 'release') takeOne(pick)?.release();
            else if (what === 'fail') takeOne(pick)?.release(new Error('failed'));
            else if (what === 'query') running.push(pool.query('SELECT 1').catch(() => {}));
            else if (what === 'refuse') running.push(pool.query('SELECT 1 / 0').catch(() => {}));
            else if (what === 'abandon') ask(AbortSignal.timeout(pick % 5));
            else if (what === 'leave') {
              const impatience = new AbortController();
              ask(impatience.signal);
              if (pick % 2 === 0) impatience.abort(new Error('changed my mind'));
              else setImmediate(() => impatience.abort(new Error('changed my mind')));
            } else if (what === 'break') {
              const client = takeOne(pick);
              await client
                ?.query('SELECT pg_terminate_backend(pg_backend_pid())')
                .catch((error) => client.release(error));
            } else check();
            if (pick % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
          }
          // Everybody gives back; then those that waited get theirs.
          const givers = setInterval(() => {
            for (const client of out.splice(0)) client.release();
          }, 2);
          await Promise.all([...asked, ...running]);
          clearInterval(givers);
          for (const client of out.splice(0)) client.release();
          // Abandoned requests may have connections under way still.
          await vi.waitFor(() => expect(check().last.connecting).toBe(0), { interval: 2 });
          const { sum, last } = check();
          expect(last).toMatchObject({ used: 0, connecting: 0, pending: 0, longestPendingMs: 0 });
          expect(sum).toMatchObject({ waitTimeouts: 0, connectFailures: 0 });
          // Of attempts given up because their only requester ran out of time.
          const abandoned = steps.filter(({ what }) => what === 'abandon').length;
          expect(sum.connectTimeouts).toBeLessThanOrEqual(abandoned);
          await pool.end(2000);
          const { last: end, ...final } = ledger.take();
          expect(end).toMatchObject({ idle: 0, used: 0 });
          expect(final.opened).toBe(final.closed);
        },
      ),
      { numRuns: 150 },
    );
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge, LinkState } from '#shared/contract/bridge.ts';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import { emptyHistogram } from '#shared/model/histogram.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { appInfo, type ContractEngine, createContractEngine, served } from './contract-engine.ts';

/** A bridge joined to an engine, with what the suite must be able to do to the way between. */
export interface BridgeUnderTest {
  bridge: Bridge;
  /** Breaks the way to the engine; absent where it cannot break without the page itself ending. */
  loseLink?: () => Promise<void>;
  /** Mends it. */
  restoreLink?: () => Promise<void>;
  close(): Promise<void>;
}

const watched = { profileId: 'p1', schema: 's', search: null, fromId: 9, limit: 10 };

const sample: PoolSample = {
  profileId: 'p1',
  atMs: 1_790_000_000_123,
  intervalMs: 1000.25,
  idle: 3,
  used: 7,
  connecting: 0,
  pending: 2,
  usedPeak: 10,
  pendingPeak: 4,
  longestPendingMs: 12.5,
  min: 0,
  max: 10,
  acquired: 120,
  released: 119,
  opened: 1,
  closed: 0,
  waitTimeouts: 0,
  connectTimeouts: 0,
  connectFailures: 0,
  connectionErrors: 0,
  waitMs: { count: 2, sumMs: 0.75, minMs: 0.25, maxMs: 0.5, bins: [-28, 1, -14, 1] },
  holdMs: emptyHistogram(),
  connectMs: emptyHistogram(),
  healthCheck: { roundTripMs: null },
};

/** Text that careless transports bend. */
const oddNames = [
  `Robert'); DROP TABLE names;-- "quoted"`,
  '<img src=x onerror=alert(1)>',
  '👩‍👩‍👧 מזל טוב \u202eabc\u202c \u2028\u2029 \\u0000 \x7f',
  'x'.repeat(10_000),
];

/**
 * What `window.poolscope` promises, whatever carries it. Every transport runs this suite:
 * `makeBridge` joins a fresh bridge to the given engine, over the transport on trial.
 */
export function describeBridge(
  name: string,
  makeBridge: (engine: ContractEngine) => Promise<BridgeUnderTest>,
): void {
  describe(`the bridge over ${name}`, () => {
    let engine: ContractEngine;
    let test: BridgeUnderTest;
    let bridge: Bridge;

    beforeEach(async () => {
      engine = createContractEngine();
      test = await makeBridge(engine);
      bridge = test.bridge;
    });

    afterEach(() => test.close());

    const linked = () => vi.waitFor(() => expect(linkOf(bridge)).toBe('connected'));
    const waitsFor = (callers: number) => vi.waitFor(() => expect(engine.waiting.size).toBe(callers));

    async function failureOf(answer: ReturnType<Bridge['request']>): Promise<ErrorPayload> {
      const envelope = await answer;
      if (envelope.ok) throw new Error('The request was expected to fail.');
      return envelope.error;
    }

    it('answers a request made at once, before the link stands', async () => {
      expect(await bridge.request('app.info', {}, 'r1')).toEqual({ ok: true, data: appInfo });
    });

    it('answers null where nothing was found', async () => {
      const answer = await bridge.request('names.watch', watched, 'r1');
      expect(answer).toEqual({ ok: true, data: null });
    });

    it.each(oddNames)('carries text exactly as typed: %.40s', async (oddName) => {
      const answer = await bridge.request('names.add', { profileId: 'p1', schema: 's', name: oddName }, 'r1');
      expect(answer).toEqual({ ok: true, data: { row: { id: 3, name: oddName, isCut: false }, served } });
    });

    it('names the field of bad input and says what is wrong with it', async () => {
      const error = await failureOf(
        bridge.request('names.add', { profileId: 'p1', schema: 's', name: ' ' }, 'r1'),
      );
      expect(error).toMatchObject({
        code: 'bad_input',
        details: { fields: { name: 'A name needs at least one visible character.' } },
      });
    });

    it('refuses a route it does not know', async () => {
      const error = await failureOf(bridge.request('names.dropAll' as 'names.add', {} as never, 'r1'));
      expect(error.code).toBe('not_found');
    });

    it('passes on code, words, remedy and SQLSTATE of a failure', async () => {
      expect(await failureOf(bridge.request('pools.open', { profileId: 'p1' }, 'r1'))).toEqual({
        code: 'too_many_connections',
        message: 'The server has no connection left.',
        details: { remedy: 'Close some, or raise max_connections.', sqlState: '53300' },
      });
    });

    it('shows nothing of the inside of an unexpected failure', async () => {
      const error = await failureOf(bridge.request('pools.close', { profileId: 'p1' }, 'r1'));
      expect(error.code).toBe('internal');
      expect(JSON.stringify(error)).not.toMatch(/secret|TypeError|\.ts/);
    });

    it('keeps answers apart when many requests are under way', async () => {
      const names = Array.from({ length: 100 }, (_, index) => `name ${index}`);
      const answers = names.map((each) =>
        bridge.request('names.add', { profileId: 'p1', schema: 's', name: each }, each),
      );
      expect(await Promise.all(answers)).toEqual(
        names.map((each) => ({ ok: true, data: { row: { id: 3, name: each, isCut: false }, served } })),
      );
    });

    it('cancels one request, which then answers so, and leaves the others', async () => {
      const first = bridge.request('health.check', { profileId: 'p1' }, 'first');
      await waitsFor(1);
      const info = bridge.request('app.info', {}, 'second');
      bridge.cancel('first');
      expect((await failureOf(first)).code).toBe('cancelled');
      expect((await info).ok).toBe(true);
      await waitsFor(0);
    });

    it('cancels a request that has hardly begun', async () => {
      const answer = bridge.request('health.check', { profileId: 'p1' }, 'r1');
      bridge.cancel('r1');
      expect((await failureOf(answer)).code).toBe('cancelled');
    });

    it('ignores a cancel for a request that is over or never was', async () => {
      await bridge.request('app.info', {}, 'r1');
      bridge.cancel('r1');
      bridge.cancel('r2');
      expect((await bridge.request('app.info', {}, 'r1')).ok).toBe(true);
    });

    it('delivers an event to those who asked for it, whole and in order', async () => {
      const heard: unknown[] = [];
      const other = vi.fn();
      bridge.on('samples.tick', (payload) => heard.push(payload));
      bridge.on('app.notice', other);
      await linked();
      const ticks = [1, 2, 3].map((atMs) => ({ atMs, samples: [{ ...sample, atMs }] }));
      for (const tick of ticks) engine.events.emit('samples.tick', tick);
      await vi.waitFor(() => expect(heard).toHaveLength(3));
      expect(heard).toEqual(ticks);
      expect(structuredClone(heard)).toEqual(JSON.parse(JSON.stringify(heard)));
      expect(other).not.toHaveBeenCalled();
    });

    it('stops delivering after unsubscribing, and only to the one who left', async () => {
      const stays = vi.fn();
      const leaves = vi.fn();
      const leave = bridge.on('samples.tick', leaves);
      bridge.on('samples.tick', stays);
      await linked();
      engine.events.emit('samples.tick', { atMs: 1, samples: [] });
      await vi.waitFor(() => expect(leaves).toHaveBeenCalledOnce());
      leave();
      leave();
      engine.events.emit('samples.tick', { atMs: 2, samples: [] });
      await vi.waitFor(() => expect(stays).toHaveBeenCalledTimes(2));
      expect(leaves).toHaveBeenCalledOnce();
    });

    it('hears twice when the same function listens twice', async () => {
      const listener = vi.fn();
      const leave = bridge.on('samples.tick', listener);
      bridge.on('samples.tick', listener);
      await linked();
      leave();
      engine.events.emit('samples.tick', { atMs: 1, samples: [] });
      await vi.waitFor(() => expect(listener).toHaveBeenCalledOnce());
    });

    it('tells the state of the link at once', async () => {
      await linked();
      expect(linkOf(bridge)).toBe('connected');
    });

    it('aborts what a page had under way when the page goes away', async () => {
      void bridge.request('health.check', { profileId: 'p1' }, 'r1');
      await waitsFor(1);
      await test.close();
      await waitsFor(0);
    });

    it('says so when the link is lost, fails what is under way, and recovers by itself', async (context) => {
      if (test.loseLink === undefined || test.restoreLink === undefined) {
        return context.skip(`over ${name} the link ends only with the page`);
      }
      const links: LinkState[] = [];
      const ticks = vi.fn();
      bridge.onLink((link) => links.push(link));
      bridge.on('samples.tick', ticks);
      const underWay = bridge.request('health.check', { profileId: 'p1' }, 'r1');
      await waitsFor(1);
      await test.loseLink();
      expect((await failureOf(underWay)).code).toBe('connection_lost');
      await waitsFor(0);
      const meanwhile = await failureOf(bridge.request('app.info', {}, 'r2'));
      expect(meanwhile).toMatchObject({ code: 'connection_lost', details: { remedy: expect.any(String) } });
      await test.restoreLink();
      await linked();
      expect(links).toEqual(['connecting', 'connected', 'lost', 'connected']);
      expect((await bridge.request('app.info', {}, 'r3')).ok).toBe(true);
      engine.events.emit('samples.tick', { atMs: 1, samples: [] });
      await vi.waitFor(() => expect(ticks).toHaveBeenCalledOnce());
    });
  });
}

function linkOf(bridge: Bridge): LinkState | undefined {
  let link: LinkState | undefined;
  const leave = bridge.onLink((current) => {
    link = current;
  });
  leave();
  return link;
}

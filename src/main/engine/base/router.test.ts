import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { Handlers } from '#shared/contract/define.ts';
import type { Routes } from '#shared/contract/routes.ts';
import { EngineError } from './errors.ts';
import { createLogger, silentLogger } from './log.ts';
import { createRouter } from './router.ts';

const served = { waitMs: 0.2, queryMs: 1, processId: 7 };
const caller = () => ({ callerId: 'test', signal: new AbortController().signal });
const routerWith = (handlers: Partial<Handlers<Routes>>, log = silentLogger()) =>
  createRouter(handlers as Handlers<Routes>, log);

describe('the router', () => {
  it('answers a request that meets its schema', async () => {
    const router = routerWith({ 'exporter.cancel': ({ exportId }) => ({ exportId }) });
    const answer = await router.dispatch('exporter.cancel', { exportId: 'e' }, caller());
    expect(answer).toEqual({ ok: true, data: { exportId: 'e' } });
  });

  it('says which field is wrong, and how, without calling the handler', async () => {
    let called = false;
    const router = routerWith({
      'names.find': () => {
        called = true;
        return { row: null, served };
      },
    });
    const answer = await router.dispatch('names.find', { profileId: 'p', schema: 's', id: 0 }, caller());
    expect(answer).toMatchObject({
      ok: false,
      error: {
        code: 'bad_input',
        message: 'Ids start at 1.',
        details: { fields: { id: 'Ids start at 1.' } },
      },
    });
    expect(called).toBe(false);
  });

  it.each(['names.nothing', 'toString', '__proto__', ''])(
    'refuses the unknown route %j in words',
    async (route) => {
      const answer = await routerWith({}).dispatch(route, {}, caller());
      expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } });
    },
  );

  it("passes an engine error's code, words and remedy on", async () => {
    const router = routerWith({
      'pools.open': () => {
        throw new EngineError('auth_failed', 'The password was refused.', { remedy: 'Enter it again.' });
      },
    });
    const answer = await router.dispatch('pools.open', { profileId: 'p' }, caller());
    expect(answer).toEqual({
      ok: false,
      error: {
        code: 'auth_failed',
        message: 'The password was refused.',
        details: { remedy: 'Enter it again.' },
      },
    });
  });

  it('keeps the text and stack of an unforeseen error from the user, and logs them', async () => {
    let logged = '';
    const log = createLogger(
      new Writable({
        write(chunk, _encoding, done) {
          logged += String(chunk);
          done();
        },
      }),
    );
    const router = routerWith(
      {
        'pools.list': () => {
          throw new TypeError('secret detail');
        },
      },
      log,
    );
    const answer = await router.dispatch('pools.list', {}, caller());
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('secret detail');
    expect(logged).toContain('secret detail');
  });

  it('answers "cancelled" when the caller has gone away', async () => {
    const abort = new AbortController();
    const router = routerWith({
      'pools.list': () => {
        abort.abort();
        throw new Error('socket closed');
      },
    });
    const answer = await router.dispatch('pools.list', {}, { callerId: 'test', signal: abort.signal });
    expect(answer).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

describe('cancelling', () => {
  const abortedDuring = (handlers: Partial<Handlers<Routes>>, route: string, input: unknown) => {
    const abort = new AbortController();
    const answer = routerWith(handlers).dispatch(route, input, { callerId: 'test', signal: abort.signal });
    abort.abort();
    return answer;
  };

  it('is answered at once, while the handler goes on and cleans up', async () => {
    const end = Promise.withResolvers<void>();
    let cleanedUp = false;
    const answer = await abortedDuring(
      {
        'pools.list': async () => {
          await end.promise;
          cleanedUp = true;
          return [];
        },
      },
      'pools.list',
      {},
    );
    expect(answer).toEqual({ ok: false, error: { code: 'cancelled', message: 'Cancelled.', details: {} } });
    expect(cleanedUp).toBe(false);
    end.resolve();
    await vi.waitFor(() => expect(cleanedUp).toBe(true));
  });

  it('is the answer even where the handler succeeds or fails later', async () => {
    const late = abortedDuring({ 'pools.list': async () => [] }, 'pools.list', {});
    expect(await late).toMatchObject({ error: { code: 'cancelled' } });
    const failing = async () => {
      await null;
      throw new Error('too late to be heard');
    };
    expect(await abortedDuring({ 'pools.list': failing }, 'pools.list', {})).toMatchObject({
      error: { code: 'cancelled' },
    });
  });

  it.each([
    ['names.add', { profileId: 'p', schema: 's', name: 'Ann' }, 'The row may have been stored'],
    [
      'names.createTable',
      { profileId: 'p', schema: 's' },
      'The table and its first rows may have been stored',
    ],
  ])('says of %s that it may have taken effect', async (route, input, words) => {
    const never = () => new Promise<never>(() => {});
    const answer = await abortedDuring({ 'names.add': never, 'names.createTable': never }, route, input);
    expect(answer).toMatchObject({ error: { code: 'cancelled', message: expect.stringContaining(words) } });
  });

  it('before the beginning begins nothing', async () => {
    let called = false;
    const router = routerWith({
      'names.add': () => {
        called = true;
        return { row: { id: 1, name: 'Ann', isCut: false }, served };
      },
    });
    const context = { callerId: 'test', signal: AbortSignal.abort() };
    const answer = await router.dispatch('names.add', { profileId: 'p', schema: 's', name: 'Ann' }, context);
    expect(answer).toMatchObject({ error: { code: 'cancelled', message: 'Cancelled.' } });
    expect(called).toBe(false);
  });
});

describe('the log', () => {
  it('blanks passwords, tokens and URLs at any depth it is given', () => {
    let logged = '';
    const sink = new Writable({
      write(chunk, _encoding, done) {
        logged += String(chunk);
        done();
      },
    });
    createLogger(sink).info(
      { password: 'one', profile: { password: 'two', url: 'postgres://u:three@h/d' } },
      'saved',
    );
    expect(logged).toContain('[hidden]');
    expect(logged).not.toMatch(/one|two|three/);
  });
});

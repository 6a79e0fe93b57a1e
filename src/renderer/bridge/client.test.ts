import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { Envelope } from '#shared/contract/errors.ts';
import { RequestError, request } from './client.ts';

type Answer = (envelope: Envelope<unknown>) => void;

let asked: { route: string; requestId: string; answer: Answer }[];
let cancelled: string[];

/** A bridge whose answers the test gives. */
const bridge = {
  shell: 'web',
  request: (route: string, _input: unknown, requestId: string) =>
    new Promise((answer: Answer) => asked.push({ route, requestId, answer })),
  cancel: (requestId: string) => cancelled.push(requestId),
  on: () => () => {},
  onLink: () => () => {},
} as unknown as Bridge;

beforeEach(() => {
  asked = [];
  cancelled = [];
  Object.assign(globalThis, { window: { poolscope: bridge } });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'window');
});

const cancelledAnswer = { code: 'cancelled' as const, message: 'Cancelled.', details: {} };

describe('a request', () => {
  it('resolves with the data of a good answer', async () => {
    const answer = request('pools.list', {});
    asked[0]?.answer({ ok: true, data: [] });
    expect(await answer).toEqual([]);
  });

  it('rejects with the code and the words of a bad one', async () => {
    const answer = request('pools.open', { profileId: 'p1' });
    const error = { code: 'not_found' as const, message: 'No such profile.', details: { remedy: 'Reload.' } };
    asked[0]?.answer({ ok: false, error });
    await expect(answer).rejects.toMatchObject(error);
    await expect(answer).rejects.toBeInstanceOf(RequestError);
  });

  it('tells the engine to stop when it is aborted', async () => {
    const abort = new AbortController();
    const answer = request('pools.list', {}, { signal: abort.signal });
    abort.abort();
    expect(cancelled).toEqual([asked[0]?.requestId]);
    asked[0]?.answer({ ok: false, error: cancelledAnswer });
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is not made at all when it was aborted before', async () => {
    const answer = request('pools.list', {}, { signal: AbortSignal.abort() });
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toEqual([]);
  });

  it('can no longer be cancelled once it is answered', async () => {
    const abort = new AbortController();
    const answer = request('pools.list', {}, { signal: abort.signal });
    asked[0]?.answer({ ok: true, data: [] });
    await answer;
    abort.abort();
    expect(cancelled).toEqual([]);
  });
});

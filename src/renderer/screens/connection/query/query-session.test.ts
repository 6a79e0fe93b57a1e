import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { Envelope, ErrorPayload } from '#shared/contract/errors.ts';
import type { QueryRun, QueryTransaction } from '#shared/model/query.ts';
import { QuerySession } from './query-session.ts';

type Answer = (input: Record<string, unknown>) => unknown;

/** What the engine answers in a test, by route; a function may wait. */
let answers: Record<string, Answer> = {};
let asked: { route: string; input: Record<string, unknown> }[] = [];

const notFound: ErrorPayload = { code: 'not_found', message: 'There is no such run.', details: {} };

function fail(error: ErrorPayload): never {
  throw error;
}

beforeEach(() => {
  asked = [];
  answers = { 'query.close': (input) => input };
  const request = async (route: string, input: Record<string, unknown>): Promise<Envelope<unknown>> => {
    asked.push({ route, input });
    try {
      return { ok: true, data: await answers[route]?.(input) };
    } catch (error) {
      return { ok: false, error: error as ErrorPayload };
    }
  };
  vi.stubGlobal('window', {
    poolscope: { request, cancel: () => {} } as unknown as Bridge,
    addEventListener: () => {},
  });
});

afterEach(() => vi.unstubAllGlobals());

const runOf = (input: Record<string, unknown>, changes: Partial<QueryRun> = {}) =>
  ({
    ...{
      runId: input.runId,
      profileId: 'p',
      state: 'done',
      rows: 1,
      notices: [],
      error: null,
      expired: false,
    },
    ...changes,
  }) as QueryRun;

const transactionOf = (input: Record<string, unknown>, changes: Partial<QueryTransaction> = {}) =>
  ({
    ...{ transactionId: input.transactionId, profileId: 'p', mode: 'readOnly', state: 'open', error: null },
    ...changes,
  }) as QueryTransaction;

function sessionWith(text: string): QuerySession {
  const session = new QuerySession('p');
  session.statement.editor.replaceAll(text);
  return session;
}

describe('a query tab', () => {
  it('sends exactly the values that the statement uses', async () => {
    answers['query.run'] = (input) => ({ run: runOf(input), window: null });
    const session = sessionWith('select $1');
    session.statement.setBox(0, { text: '7', type: 'int4' });
    session.statement.setBox(1, { text: 'not for this statement' });
    await session.run();
    expect(asked.find(({ route }) => route === 'query.run')?.input).toMatchObject({
      ...{ text: 'select $1', mode: 'readOnly', transactionId: null },
      parameters: [{ type: 'int4', value: '7' }],
    });
  });

  it('is not set back by news that were overtaken by the answer', async () => {
    answers['query.run'] = (input) => ({ run: runOf(input, { rows: 9 }), window: null });
    const session = sessionWith('select 1');
    await session.run();
    const { run } = session.state();
    session.hearRun(runOf({ runId: run?.runId }, { state: 'fetching', rows: 3 }));
    expect(session.state().run).toMatchObject({ state: 'done', rows: 9 });
    session.hearRun(runOf({ runId: 'of another tab' }, { state: 'running' }));
    expect(session.state().run?.runId).toBe(run?.runId);
  });

  it('says that there is nothing to run, and asks nobody', async () => {
    const session = sessionWith('-- later');
    await session.run();
    expect(session.state().refusal?.message).toBe('There is no statement to run.');
    expect(asked).toEqual([]);
  });

  it('goes on after the engine forgot a run whose rows were coming in', async () => {
    answers['query.run'] = (input) => ({ run: runOf(input, { state: 'fetching' }), window: null });
    answers['query.cancel'] = answers['query.status'] = () => fail(notFound);
    const session = sessionWith('select 1');
    void session.run();
    await vi.waitFor(() => expect(session.state().run?.state).toBe('fetching'));
    await session.cancel();
    expect(session.state().activity).toBeNull();
    expect(session.state().refusal?.code).toBe('not_found');
  });

  it('runs several selected statements in a transaction, one after the other, up to the first that fails', async () => {
    answers['query.begin'] = (input) => transactionOf(input);
    answers['query.run'] = (input) => ({
      run: runOf(input, String(input.text).includes('wrong') ? { state: 'failed', error: notFound } : {}),
      window: null,
    });
    const session = sessionWith('select 1; select wrong; select 3');
    await session.transaction.begin();
    const { editor } = session.statement;
    vi.spyOn(editor, 'toRun').mockReturnValue({ from: 0, to: editor.text.length, text: editor.text });
    await session.run();
    const texts = asked.filter(({ route }) => route === 'query.run').map(({ input }) => input.text);
    expect(texts).toEqual(['select 1', 'select wrong']);
  });
});

describe('the transaction of a query tab', () => {
  it('lets nothing run beside it while it begins', async () => {
    const begun = Promise.withResolvers<void>();
    answers['query.begin'] = async (input) => {
      await begun.promise;
      return transactionOf(input);
    };
    const session = sessionWith('delete from orders');
    const beginning = session.transaction.begin();
    await session.run();
    begun.resolve();
    await beginning;
    expect(asked.map(({ route }) => route)).toEqual(['query.begin']);
  });

  it('that ends between two statements takes the second with it: it never runs on its own', async () => {
    answers['query.begin'] = (input) => transactionOf(input);
    const session = sessionWith('select 1; delete from orders');
    answers['query.run'] = (input) => {
      const { transactionId } = session.state().transaction ?? {};
      session.transaction.hear(transactionOf({ transactionId }, { state: 'lost' }));
      return { run: runOf(input), window: null };
    };
    await session.transaction.begin();
    const { transactionId } = session.state().transaction ?? {};
    const { editor } = session.statement;
    vi.spyOn(editor, 'toRun').mockReturnValue({ from: 0, to: editor.text.length, text: editor.text });
    await session.run();
    const ids = asked.filter(({ route }) => route === 'query.run').map(({ input }) => input.transactionId);
    expect(ids).toEqual([transactionId, transactionId]);
  });

  it('that ends by itself switches writing off, so that nothing is committed by mistake', async () => {
    answers['query.begin'] = (input) => transactionOf(input, { mode: 'write' });
    const session = sessionWith('delete from orders');
    session.statement.set({ mode: 'write' });
    await session.transaction.begin();
    const { transactionId } = session.state().transaction ?? {};
    session.transaction.hear(transactionOf({ transactionId }, { mode: 'write', state: 'expired' }));
    expect(session.statement.options().mode).toBe('readOnly');
  });

  it('is gone after its commit, and says nothing of it', async () => {
    answers['query.begin'] = (input) => transactionOf(input);
    answers['query.commit'] = (input) => transactionOf(input, { state: 'committed' });
    const session = sessionWith('select 1');
    await session.transaction.begin();
    expect(session.state().transaction?.state).toBe('open');
    await session.transaction.end('commit');
    expect(session.state()).toMatchObject({ transaction: null, brokenTransaction: null });
  });

  it('that ends by itself is told until the next begins', async () => {
    answers['query.begin'] = (input) => transactionOf(input);
    const session = sessionWith('select 1');
    await session.transaction.begin();
    const { transactionId } = session.state().transaction ?? {};
    session.transaction.hear(transactionOf({ transactionId }, { state: 'expired' }));
    expect(session.state()).toMatchObject({ transaction: null, brokenTransaction: { state: 'expired' } });
    await session.transaction.begin();
    expect(session.state().brokenTransaction).toBeNull();
  });

  it('that ended while the link was lost is not shown as open', async () => {
    answers['query.begin'] = (input) => transactionOf(input);
    answers['query.transactions'] = () => [];
    const session = sessionWith('select 1');
    await session.transaction.begin();
    await session.resync();
    expect(session.state().transaction).toBeNull();
    expect(session.state().brokenTransaction?.error?.message).toContain('rolled back');
  });
});

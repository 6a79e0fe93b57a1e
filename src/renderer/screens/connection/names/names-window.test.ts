import { describe, expect, it } from 'vitest';
import type { NamesPage, PageAt } from '#shared/contract/names.ts';
import { RequestError } from '../../../bridge/client.ts';
import { NamesWindow } from './names-window.ts';

const served = { waitMs: 0.1, queryMs: 1, processId: 7 };

/** A table in memory that answers as the engine does. */
function tableOf(count: number) {
  const names = new Map(Array.from({ length: count }, (_, i) => [i + 1, `n${i + 1}`]));
  const sorted = () => [...names].sort(([a], [b]) => a - b).map(([id, name]) => ({ id, name, isCut: false }));
  const asked: PageAt[] = [];
  let failure: RequestError | null = null;
  const window = new NamesWindow({
    async page(at, limit): Promise<NamesPage> {
      asked.push(at);
      await Promise.resolve();
      if (failure !== null) throw failure;
      const all = sorted();
      const cut = (from: number, to: number) => {
        const [start, end] = [Math.max(0, from), Math.min(all.length, to)];
        return { rows: all.slice(start, end), hasBefore: start > 0, hasAfter: end < all.length, served };
      };
      const index = 'id' in at ? all.findIndex(({ id }) => id >= at.id) : 0;
      if (at.kind === 'first') return cut(0, limit);
      if (at.kind === 'last') return cut(all.length - limit, all.length);
      if (at.kind === 'after') return cut(index + 1, index + 1 + limit);
      if (at.kind === 'before') return cut(index - limit, index);
      return cut(index - limit / 2, index + limit / 2);
    },
    async watch(fromId, limit) {
      await Promise.resolve();
      if (failure !== null) throw failure;
      const rows = sorted().filter(({ id }) => id >= fromId);
      const newestId = sorted().at(-1)?.id ?? null;
      const hasAfter = rows.length > limit;
      return { rows: rows.slice(0, limit), hasAfter, newestId, estimatedRows: names.size, served };
    },
  });
  const ids = () => window.state().rows.map(({ id }) => id);
  const fail = (error: RequestError | null) => {
    failure = error;
  };
  return { names, window, asked, ids, fail };
}

/** Where a row stands for whoever scrolls: this must not change while rows come and go around it. */
const placeOf = (window: NamesWindow, id: number) =>
  window.state().origin + window.state().rows.findIndex((row) => row.id === id);

describe('the window on a long table', () => {
  it('grows at both ends without gaps, and every row keeps its place', async () => {
    const { window, ids } = tableOf(10_000);
    await window.goTo({ kind: 'around', id: 5000 });
    const place = placeOf(window, 5000);
    await window.growBefore();
    await window.growAfter();
    expect(placeOf(window, 5000)).toBe(place);
    expect(ids()).toEqual(Array.from({ length: 300 }, (_, i) => 4850 + i));
    expect(window.state()).toMatchObject({ hasBefore: true, hasAfter: true, target: 5000 });
  });

  it('keeps a bounded number of rows, and reads again what it dropped', async () => {
    const { window, ids } = tableOf(10_000);
    await window.goTo({ kind: 'first' });
    for (let page = 0; page < 30; page += 1) await window.growAfter();
    expect(ids()).toHaveLength(1500);
    expect(ids().at(-1)).toBe(3100);
    expect(window.state().hasBefore).toBe(true);
    const place = placeOf(window, 2000);
    while (window.state().hasBefore) await window.growBefore();
    expect(ids()).toEqual(Array.from({ length: 1500 }, (_, i) => i + 1));
    expect(window.state()).toMatchObject({ hasBefore: false, hasAfter: true, origin: 0 });
    await window.growAfter();
    await window.growAfter();
    await window.growAfter();
    await window.growAfter();
    await window.growAfter();
    expect(placeOf(window, 2000)).toBe(place);
  });

  it('asks for one page at a time, and for none beyond the ends', async () => {
    const { window, asked } = tableOf(150);
    await window.goTo({ kind: 'first' });
    await Promise.all([window.growAfter(), window.growAfter(), window.growBefore()]);
    await window.growAfter();
    expect(asked).toEqual([{ kind: 'first' }, { kind: 'after', id: 100 }]);
  });

  it('drops the answer of a jump that another one overtook', async () => {
    const { window, ids } = tableOf(1000);
    await Promise.all([window.goTo({ kind: 'first' }), window.goTo({ kind: 'last' })]);
    expect(ids().at(-1)).toBe(1000);
    expect(window.state().target).toBe('last');
  });

  it('keeps its rows when a page fails, and goes on when it is asked again', async () => {
    const { window, ids, fail } = tableOf(300);
    await window.goTo({ kind: 'first' });
    fail(new RequestError({ code: 'connection_lost', message: 'Lost.', details: {} }));
    await window.growAfter();
    expect(window.state().error?.code).toBe('connection_lost');
    expect(ids()).toHaveLength(100);
    fail(null);
    await window.goTo({ kind: 'first' });
    expect(window.state().error).toBeNull();
  });
});

describe('what other writers do', () => {
  it('shows by itself: new rows at the end, changed names, and rows that are gone in their place', async () => {
    const { window, names, ids } = tableOf(50);
    await window.goTo({ kind: 'first' });
    names.set(51, 'new');
    names.set(3, 'changed');
    names.delete(4);
    expect(await window.watch(0, 100)).toBe(true);
    expect(ids()).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
    const { rows, newestId, estimatedRows } = window.state();
    expect(rows[2]).toEqual({ id: 3, name: 'changed', isCut: false });
    expect(rows[3]).toMatchObject({ id: 4, isGone: true });
    expect(rows.at(-1)).toMatchObject({ id: 51, name: 'new' });
    expect({ newestId, estimatedRows }).toEqual({ newestId: 51, estimatedRows: 50 });
  });

  it('in a part that is not looked at changes nothing, but the newest id is known', async () => {
    const { window, names, ids } = tableOf(500);
    await window.goTo({ kind: 'first' });
    names.set(501, 'new');
    names.delete(90);
    await window.watch(10, 20);
    expect(ids()).toHaveLength(100);
    expect(window.state().rows.some(({ isGone }) => isGone)).toBe(false);
    expect(window.state()).toMatchObject({ newestId: 501, hasAfter: true });
  });

  it('appears in an empty table, and rows whose ids were given out earlier find their place', async () => {
    const { window, names, ids } = tableOf(0);
    await window.goTo({ kind: 'first' });
    names.set(7, 'seven');
    await window.watch(0, 100);
    names.set(5, 'late');
    await window.watch(0, 100);
    names.set(9, 'nine');
    await window.goTo({ kind: 'first' });
    names.set(8, 'late too');
    await window.watch(0, 100);
    expect(ids()).toEqual([5, 7, 8, 9]);
  });

  it('does not undo on the screen what was changed here meanwhile', async () => {
    const { window, names } = tableOf(5);
    await window.goTo({ kind: 'first' });
    const looking = window.watch(0, 100);
    names.set(1, 'mine');
    window.put({ id: 1, name: 'mine', isCut: false });
    await looking;
    expect(window.state().rows[0]?.name).toBe('mine');
  });

  it('that cannot be seen at the moment is said', async () => {
    const { window, fail } = tableOf(5);
    await window.goTo({ kind: 'first' });
    fail(new RequestError({ code: 'connection_lost', message: 'Lost.', details: {} }));
    expect(await window.watch(0, 100)).toBe(false);
    expect(window.state().watchError?.message).toBe('Lost.');
    fail(null);
    await window.watch(0, 100);
    expect(window.state().watchError).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { ResultWindow } from '#shared/model/query.ts';
import { RequestError } from '../../bridge/client.ts';
import { ResultRows } from './result-rows.ts';

/** A result of `count` rows on the engine's side, of which it gives at most `atOnce` in one answer. */
function result(count: number, atOnce = 1000) {
  const asked: [number, number][] = [];
  const read = async (from: number, limit: number): Promise<ResultWindow> => {
    asked.push([from, limit]);
    const end = Math.min(count, from + Math.min(limit, atOnce));
    const rows = Array.from({ length: Math.max(0, end - from) }, (_, index) => [String(from + index)]);
    return { from, rows, available: count, complete: true };
  };
  return { asked, rows: new ResultRows(read) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('rows of a result', () => {
  it('are read where they are looked at, each once', async () => {
    const { asked, rows } = result(1_000_000);
    rows.setAvailable(1_000_000);
    rows.want(500_030, 500_060);
    await settled();
    expect(rows.row(500_059)).toEqual(['500059']);
    expect(rows.row(0)).toBeUndefined();
    rows.want(500_040, 500_070);
    await settled();
    expect(asked).toEqual([[500_030, 70]]);
  });

  it('are not all kept', async () => {
    const { rows } = result(100_000);
    rows.setAvailable(100_000);
    for (let first = 0; first < 10_000; first += 100) {
      rows.want(first, first + 40);
      await settled();
    }
    expect(rows.row(9_930)).toEqual(['9930']);
    expect(rows.row(0)).toBeUndefined();
  });

  it('come in pieces where they are long, and as they come in from the server', async () => {
    const { rows } = result(50, 7);
    rows.setAvailable(10);
    rows.want(0, 40);
    await settled();
    rows.setAvailable(50);
    await settled();
    expect(rows.row(39)).toEqual(['39']);
  });

  it('say why they are not here', async () => {
    const rows = new ResultRows(async () => {
      throw new RequestError({ code: 'not_found', message: 'The rows have expired.', details: {} });
    });
    rows.setAvailable(10);
    rows.want(0, 5);
    await settled();
    expect(rows.error()?.message).toBe('The rows have expired.');
  });
});

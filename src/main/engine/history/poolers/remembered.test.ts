import { describe, expect, it } from 'vitest';
import type { PoolerTick } from '#shared/model/pooler.ts';
import { forgetOld, mostRememberedRows } from './remembered.ts';

const tick = (atMs: number, databases = 0): PoolerTick => ({
  ...{ profileId: 'a', atMs, intervalMs: null, refreshMs: 1, pools: [], growth: [] },
  databases: Array.from({ length: databases }) as PoolerTick['databases'],
  ...{ clients: null, maxClients: null },
});

describe('samples of a console', () => {
  it('are remembered for a while', () => {
    const ticks = [tick(1), tick(2), tick(3), tick(4)];
    forgetOld(ticks, 2);
    expect(ticks.map(({ atMs }) => atMs)).toEqual([3, 4]);
  });

  it('of a pooler with very many pools are remembered for a shorter while, the last one always', () => {
    const half = mostRememberedRows / 2 - 1;
    const ticks = [tick(1, half), tick(2, half), tick(3, half)];
    forgetOld(ticks, 0);
    expect(ticks.map(({ atMs }) => atMs)).toEqual([2, 3]);
    ticks.push(tick(4, mostRememberedRows + 1));
    forgetOld(ticks, 0);
    expect(ticks.map(({ atMs }) => atMs)).toEqual([4]);
  });
});

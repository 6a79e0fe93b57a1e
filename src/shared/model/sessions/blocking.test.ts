import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockedSession, type BlockingNode, blockingForest } from './blocking.ts';

const wait = (pid: number, ...by: number[]): BlockedSession => ({
  pid,
  blockers: by.map((blocker) => ({ kind: 'session', pid: blocker })),
  ...{ sinceMs: null, lockType: null, lockMode: null, relation: null },
});
const lines = (nodes: readonly BlockingNode[]): string[] =>
  nodes.flatMap((node) => [
    `${' '.repeat(node.depth)}${node.key}${node.repeats ? ' again' : ''} ${node.heldUp}`,
    ...lines(node.children),
  ]);

describe('the forest of who blocks whom', () => {
  it('puts the one that holds up most first', () => {
    const blocked = [wait(2, 1), wait(3, 9), wait(4, 3), wait(5, 3)];
    expect(lines(blockingForest({ blocked }))).toEqual([
      'pid:9 3',
      ' pid:3 2',
      '  pid:4 0',
      '  pid:5 0',
      'pid:1 1',
      ' pid:2 0',
    ]);
  });

  it('shows a waiter under each of its blockers, and what hangs on it once', () => {
    const blocked = [wait(3, 1, 2), wait(4, 3)];
    expect(lines(blockingForest({ blocked }))).toEqual([
      'pid:1 2',
      ' pid:3 1',
      '  pid:4 0',
      'pid:2 2',
      ' pid:3 again 1',
    ]);
  });

  it('enters a circle once, and ends', () => {
    const blocked = [wait(3, 2), wait(2, 1), wait(1, 3)];
    expect(lines(blockingForest({ blocked }))).toEqual([
      'pid:1 2',
      ' pid:2 2',
      '  pid:3 2',
      '   pid:1 again 2',
    ]);
  });

  it('has every waiting session in it, whatever the edges', () => {
    const pid = fc.integer({ min: 1, max: 12 });
    const edges = fc.uniqueArray(fc.tuple(pid, fc.uniqueArray(pid, { minLength: 1, maxLength: 4 })), {
      selector: ([waiter]) => waiter,
    });
    fc.assert(
      fc.property(edges, (all) => {
        const blocked = all.map(([waiter, by]) => wait(waiter, ...by));
        const shown = lines(blockingForest({ blocked })).join('\n');
        for (const { pid: waiter } of blocked) expect(shown).toMatch(new RegExp(`pid:${waiter}( again)? `));
      }),
    );
  });
});

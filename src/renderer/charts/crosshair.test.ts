import { describe, expect, it, vi } from 'vitest';
import { Crosshair, spanOfSelection } from './crosshair.ts';

describe('the crosshair', () => {
  it('tells every chart once per move', () => {
    const crosshair = new Crosshair();
    const told = vi.fn();
    const unsubscribe = crosshair.subscribe(told);
    crosshair.hover(5000);
    crosshair.hover(5000);
    crosshair.hover(null);
    expect(told).toHaveBeenCalledTimes(2);
    unsubscribe();
    crosshair.hover(1000);
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('goes back to the pinned moment when the pointer leaves', () => {
    const crosshair = new Crosshair();
    crosshair.pin(3000);
    crosshair.hover(5000);
    expect(crosshair.atMs).toBe(5000);
    crosshair.hover(null);
    expect(crosshair.atMs).toBe(3000);
    crosshair.pin(null);
    expect(crosshair.atMs).toBeNull();
  });

  it('lets go of everything when another range is shown', () => {
    const crosshair = new Crosshair();
    crosshair.pin(3000);
    crosshair.select({ anchorMs: 1000, headMs: 2000 });
    crosshair.clear();
    expect([crosshair.atMs, crosshair.selection]).toEqual([null, null]);
  });
});

it('a selection covers its first and its last bucket, whichever way it was drawn', () => {
  const covered = { fromMs: 2000, toMs: 6000 };
  expect(spanOfSelection({ anchorMs: 2000, headMs: 5000 }, 1000)).toEqual(covered);
  expect(spanOfSelection({ anchorMs: 5000, headMs: 2000 }, 1000)).toEqual(covered);
});

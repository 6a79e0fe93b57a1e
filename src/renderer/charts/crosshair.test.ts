import { describe, expect, it } from 'vitest';
import { Crosshair, crosshairAfterKey } from './crosshair.ts';

const view = { fromMs: 500, toMs: 10_000, bucketMs: 1000 };

describe('the crosshair', () => {
  it('tells every chart once per move', () => {
    const crosshair = new Crosshair();
    let told = 0;
    const unsubscribe = crosshair.subscribe(() => {
      told += 1;
    });
    crosshair.moveTo(5000);
    crosshair.moveTo(5000);
    crosshair.moveTo(null);
    expect(told).toBe(2);
    unsubscribe();
    crosshair.moveTo(1000);
    expect(told).toBe(2);
  });
});

describe('moving the crosshair by keyboard', () => {
  it('starts at the newest bucket', () => {
    expect(crosshairAfterKey('ArrowLeft', false, null, view)).toBe(9000);
  });

  it('moves by one bucket, by ten with Shift', () => {
    expect(crosshairAfterKey('ArrowLeft', false, 5000, view)).toBe(4000);
    expect(crosshairAfterKey('ArrowRight', false, 5000, view)).toBe(6000);
    expect(crosshairAfterKey('ArrowLeft', true, 9000, { ...view, fromMs: -60_000 })).toBe(-1000);
  });

  it('stays within the window', () => {
    expect(crosshairAfterKey('ArrowRight', true, 5000, view)).toBe(9000);
    expect(crosshairAfterKey('ArrowLeft', true, 5000, view)).toBe(1000);
    expect(crosshairAfterKey('Home', false, null, view)).toBe(1000);
    expect(crosshairAfterKey('End', false, null, view)).toBe(9000);
  });

  it('goes away on Escape and leaves other keys alone', () => {
    expect(crosshairAfterKey('Escape', false, 5000, view)).toBeNull();
    expect(crosshairAfterKey('Tab', false, 5000, view)).toBeUndefined();
  });
});

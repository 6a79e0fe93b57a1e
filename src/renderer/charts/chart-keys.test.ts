import { describe, expect, it } from 'vitest';
import { chartAction } from './chart-keys.ts';

const view = { fromMs: 500, toMs: 10_000, bucketMs: 1000 };
const none = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
const press = (key: string, atMs: number | null = null, more = {}, selecting = false) =>
  chartAction({ key, ...none, ...more }, { atMs, selecting, view });

describe('moving the crosshair by keyboard', () => {
  it('starts at the newest bucket', () => {
    expect(press('ArrowLeft')).toEqual({ does: 'move', atMs: 9000 });
  });

  it('moves by one bucket, or by ten', () => {
    expect(press('ArrowRight', 5000)).toEqual({ does: 'move', atMs: 6000 });
    const wide = { atMs: 9000, selecting: false, view: { ...view, fromMs: -60_000 } };
    expect(chartAction({ key: 'PageUp', ...none }, wide)).toEqual({ does: 'move', atMs: -1000 });
  });

  it('stays within the range', () => {
    expect(press('PageDown', 5000)).toEqual({ does: 'move', atMs: 9000 });
    expect(press('ArrowLeft', 1000)).toEqual({ does: 'move', atMs: 1000 });
    expect(press('Home')).toEqual({ does: 'move', atMs: 1000 });
    expect(press('End')).toEqual({ does: 'move', atMs: 9000 });
  });
});

describe('other keys of a chart', () => {
  it('choose a stretch with Shift, and zoom into it with Enter', () => {
    expect(press('ArrowLeft', 5000, { shiftKey: true })).toEqual({ does: 'select', atMs: 4000 });
    expect(press('Enter', 4000, {}, true)).toEqual({ does: 'zoom' });
    expect(press('Enter', 4000)).toBeNull();
  });

  it('let go with Escape, which means something else when there is nothing to let go of', () => {
    expect(press('Escape', 4000)).toEqual({ does: 'clear' });
    expect(press('Escape', null, {}, true)).toEqual({ does: 'clear' });
    expect(press('Escape')).toBeNull();
  });

  it('copy with Ctrl or Cmd and C, and leave other chords to the browser', () => {
    expect(press('c', 4000, { ctrlKey: true })).toEqual({ does: 'copy' });
    expect(press('C', 4000, { metaKey: true })).toEqual({ does: 'copy' });
    expect(press('ArrowLeft', 4000, { altKey: true })).toBeNull();
    expect(press('n', 4000, { ctrlKey: true })).toBeNull();
    expect(press('Tab')).toBeNull();
  });

  it('step, zoom out, go live, note and table have a key each', () => {
    const does = [',', '.', '-', 'L', 'n', 't'].map((key) => press(key)?.does);
    expect(does).toEqual(['earlier', 'later', 'zoomOut', 'goLive', 'note', 'table']);
  });
});

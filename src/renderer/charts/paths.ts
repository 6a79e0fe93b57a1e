import type { Column } from './columns.ts';
import { isGap, type SeriesKind, type SeriesView, type Slot } from './series.ts';

/** Where the buckets of a view lie across a plot, in pixels from its left edge. */
export class Lanes {
  count = 0;
  bucketPx = 0;
  starts = new Float64Array(512);
  ends = new Float64Array(512);
  /** 1 where nothing is known between a bucket and the one before. */
  gaps = new Uint8Array(512);

  place(view: SeriesView<Slot>, widthPx: number): void {
    const { buckets, bucketMs, fromMs, toMs } = view;
    this.count = buckets.length;
    if (this.starts.length < this.count) {
      this.starts = new Float64Array(this.count * 2);
      this.ends = new Float64Array(this.count * 2);
      this.gaps = new Uint8Array(this.count * 2);
    }
    const pxPerMs = widthPx / (toMs - fromMs);
    this.bucketPx = bucketMs * pxPerMs;
    for (let i = 0; i < this.count; i++) {
      const bucket = buckets[i] as Slot;
      const gap = isGap(buckets[i - 1], bucket, bucketMs);
      this.gaps[i] = gap ? 1 : 0;
      this.starts[i] = tenth((bucket.startMs - fromMs) * pxPerMs);
      this.ends[i] = tenth((bucket.startMs + bucketMs - fromMs) * pxPerMs);
      // A bucket missed by a hair (a late sample) is bridged, not shown as a hole.
      if (i > 0 && !gap) this.ends[i - 1] = this.starts[i] as number;
    }
  }
}

/** Value to pixels from the top of a plot. */
export interface ValueScale {
  top: number;
  heightPx: number;
}

/** A tenth of a pixel is finer than any screen shows and keeps path strings short. */
const tenth = (px: number) => Math.round(px * 10) / 10;

const yOf = (value: number, scale: ValueScale) => tenth(scale.heightPx * (1 - value / scale.top));

type Shape = (lanes: Lanes, lower: Column | null, upper: Column, scale: ValueScale) => string;

/** How each kind of series becomes an SVG path. */
export const shapeOf: Record<SeriesKind, Shape> = {
  line: linePath,
  step: stepPath,
  'area-stack': areaPath,
  bars: barsPath,
  marks: marksPath,
};

/** How each kind is drawn behind the others: outlines only, and nothing for marks. */
export const overlayShapeOf: Record<SeriesKind, Shape | null> = {
  line: linePath,
  step: stepPath,
  'area-stack': stepPath,
  bars: barsPath,
  marks: null,
};

/** A line through the middle of each bucket; what stands alone is left to `dotsPath`. */
function linePath(lanes: Lanes, _lower: Column | null, values: Column, scale: ValueScale): string {
  let path = '';
  for (let i = 0; i < lanes.count; i++) {
    const joined = isJoined(lanes, values, i);
    if (joined || isJoined(lanes, values, i + 1)) {
      path += `${joined ? 'L' : 'M'}${middleOf(lanes, i)} ${yOf(values[i] as number, scale)}`;
    }
  }
  return path;
}

/**
 * The values of a line that stand alone between gaps: a line of no length, seen only when stroked
 * with round caps, as a dot of the stroke's width.
 */
export function dotsPath(lanes: Lanes, values: Column, scale: ValueScale): string {
  let path = '';
  for (let i = 0; i < lanes.count; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value) || isJoined(lanes, values, i) || isJoined(lanes, values, i + 1)) continue;
    path += `M${middleOf(lanes, i)} ${yOf(value, scale)}h0`;
  }
  return path;
}

/** Whether a line runs from the bucket before to this one. */
function isJoined(lanes: Lanes, values: Column, i: number): boolean {
  if (i === 0 || i >= lanes.count || lanes.gaps[i] === 1) return false;
  return !Number.isNaN(values[i] as number) && !Number.isNaN(values[i - 1] as number);
}

const middleOf = (lanes: Lanes, i: number) => tenth((lanes.starts[i] as number) + lanes.bucketPx / 2);

/** A line that holds each bucket's value over its whole width. */
function stepPath(lanes: Lanes, _lower: Column | null, values: Column, scale: ValueScale): string {
  let path = '';
  let lastY = Number.NaN;
  for (let i = 0; i < lanes.count; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) {
      lastY = Number.NaN;
      continue;
    }
    const y = yOf(value, scale);
    if (Number.isNaN(lastY) || lanes.gaps[i] === 1) path += `M${lanes.starts[i]} ${y}`;
    else if (y !== lastY) path += `V${y}`;
    path += `H${lanes.ends[i]}`;
    lastY = y;
  }
  return path;
}

/** The stepped band between two columns. */
function areaPath(lanes: Lanes, lower: Column | null, upper: Column, scale: ValueScale): string {
  let path = '';
  let runStart = -1;
  const close = (end: number) => {
    for (let i = end; i >= runStart; i--) {
      const base = lower === null ? 0 : (lower[i] as number);
      path += `V${yOf(base, scale)}H${lanes.starts[i]}`;
    }
    path += 'Z';
    runStart = -1;
  };
  for (let i = 0; i < lanes.count; i++) {
    const value = upper[i] as number;
    // Nothing on top of another series is no shape at all; nothing on the ground is a line at 0.
    const known = lower === null ? !Number.isNaN(value) : value > (lower[i] as number);
    if (runStart >= 0 && (!known || lanes.gaps[i] === 1)) close(i - 1);
    if (!known) continue;
    const y = yOf(value, scale);
    path += runStart < 0 ? `M${lanes.starts[i]} ${y}` : `V${y}`;
    path += `H${lanes.ends[i]}`;
    if (runStart < 0) runStart = i;
  }
  if (runStart >= 0) close(lanes.count - 1);
  return path;
}

/** Narrowest bar: one event in an hour must still be seen. */
const leastBarPx = 2;

/** A bar for each bucket where `upper` stands above `lower`. */
function barsPath(lanes: Lanes, lower: Column | null, upper: Column, scale: ValueScale): string {
  let path = '';
  for (let i = 0; i < lanes.count; i++) {
    const value = upper[i] as number;
    const base = lower === null ? 0 : (lower[i] as number);
    if (!(value > base)) continue;
    const start = lanes.starts[i] as number;
    const end = tenth(start + Math.max(lanes.bucketPx, leastBarPx));
    path += `M${start} ${yOf(base, scale)}V${yOf(value, scale)}H${end}V${yOf(base, scale)}Z`;
  }
  return path;
}

/** A cross at the foot of the plot wherever the value is above 0. */
function marksPath(lanes: Lanes, _lower: Column | null, values: Column, scale: ValueScale): string {
  let path = '';
  const y = scale.heightPx - 10;
  for (let i = 0; i < lanes.count; i++) {
    if (!((values[i] as number) > 0)) continue;
    const x = (lanes.starts[i] as number) + lanes.bucketPx / 2;
    path += `M${tenth(x - 3.5)} ${y}l7 7m0 -7l-7 7`;
  }
  return path;
}

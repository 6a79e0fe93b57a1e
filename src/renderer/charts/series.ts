import type { Bucket } from '#shared/model/bucket.ts';

/**
 * A piece of time with what was measured in it, as one kind of series knows it: a pool's bucket, a
 * sample of a server's sessions. Charts know its start and leave the rest to the definitions.
 */
export interface Slot {
  startMs: number;
  /** Joined to one before it up to this far away, where samples are further apart than buckets are long. */
  joinedWithinMs?: number;
}

/**
 * How a series is drawn. `area-stack` and `bars` stand on those before them; `step` holds its
 * value until the next one; `marks` puts a cross wherever the value is above 0.
 */
export type SeriesKind = 'line' | 'step' | 'area-stack' | 'bars' | 'marks';

/** `faint` has an outline that keeps its contrast. */
type FillStyle = 'solid' | 'faint' | 'striped' | 'dotted';

/** `S` is what the series reads; a source with the same must stand beside it. */
export interface SeriesDefinition<S extends Slot = Bucket> {
  key: string;
  label: string;
  /** A CSS variable of the theme, as in `--series-idle`. */
  color: string;
  kind: SeriesKind;
  /** `stroke-dasharray` of a line, so that series differ without colour. */
  dash?: string;
  /** Width of a line in pixels, so that series differ without colour; 1.5 unless told. */
  width?: number;
  /** How an area or bar is filled, so that series differ without colour; `solid` unless told. */
  fill?: FillStyle;
  /** Left out when another range is drawn behind; its values are still told. */
  overlaid?: false;
  /** Where the series is not in the chart's unit. */
  format?: (value: number) => string;
  /** Null draws a gap. Undefined (`step` only) carries the value before. Pure: cached per bucket. */
  value(bucket: S): number | null | undefined;
}

/** A chart draws at most about this many buckets; more would cost time and show nothing new. */
export const points = 300;

/** What is on screen: a span of time and the buckets in it, oldest first. */
export interface SeriesView<S extends Slot = Bucket> {
  fromMs: number;
  toMs: number;
  bucketMs: number;
  buckets: readonly S[];
}

/** `tick`: time went on and a sample may have come. `whole`: anything else may have changed. */
export type SeriesChange = 'tick' | 'whole';

/** Where charts get their view; tells when it changed. */
export interface SeriesSource<S extends Slot = Bucket> {
  subscribe(listener: (change: SeriesChange) => void): () => void;
  view(): SeriesView<S>;
}

/** Further apart than this many bucket lengths, two buckets are not joined: nothing is known between. */
const joinedWithinBuckets = 2.5;

/** Whether nothing is known between a bucket and the one before it. */
export function isGap(before: Slot | undefined, bucket: Slot, bucketMs: number): boolean {
  if (before === undefined) return true;
  const joinedWithinMs = Math.max(joinedWithinBuckets * bucketMs, bucket.joinedWithinMs ?? 0);
  return bucket.startMs - before.startMs > joinedWithinMs;
}

/** Index of the bucket that holds a moment, or -1. */
export function bucketIndexAt(view: SeriesView<Slot>, atMs: number): number {
  let low = 0;
  let high = view.buckets.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const startMs = view.buckets[middle]?.startMs ?? 0;
    if (atMs < startMs) high = middle - 1;
    else if (atMs >= startMs + view.bucketMs) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** Index of the newest bucket when it is fresh enough to be called "now", or -1. */
export function newestIndex(view: SeriesView<Slot>): number {
  const index = view.buckets.length - 1;
  const bucket = view.buckets[index];
  return bucket !== undefined && view.toMs - bucket.startMs <= joinedWithinBuckets * view.bucketMs
    ? index
    : -1;
}

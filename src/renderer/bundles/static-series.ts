import type { RouteAnswer, RouteInput } from '#shared/contract/routes.ts';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import { points, type SeriesSource, type SeriesView } from '../charts/series.ts';

type AskRange = (
  input: RouteInput<'history.range'>,
  signal: AbortSignal,
) => Promise<RouteAnswer<'history.range'>>;

/** What a series that never grows is made of. */
interface StaticRange {
  profileId: string;
  bundleId: string;
  fromMs: number;
  toMs: number;
}

/** The samples of a bundle's range: asked for once, and then they stand still. */
export class StaticSeries implements SeriesSource {
  readonly #view: SeriesView;

  constructor(view: SeriesView) {
    this.#view = view;
  }

  /** Reads a range. @throws RequestError */
  static async read(range: StaticRange, ask: AskRange, signal: AbortSignal): Promise<StaticSeries> {
    const { profileId, bundleId } = range;
    const asked = spanOf(range);
    const { buckets, bucketMs } = await ask({ profileId, bundleId, ...asked }, signal);
    // The engine may have chosen longer buckets; the last one is shown whole.
    const toMs = Math.ceil(asked.toMs / bucketMs) * bucketMs;
    return new StaticSeries({ fromMs: asked.fromMs, toMs, bucketMs, buckets });
  }

  subscribe(): () => void {
    return () => {};
  }

  view(): SeriesView {
    return this.#view;
  }
}

/** The range widened to whole buckets; never empty, whatever a bundle says of itself. */
function spanOf({ fromMs, toMs }: StaticRange): { fromMs: number; toMs: number; bucketMs: number } {
  const bucketMs = bucketStepMs(Math.max(1, toMs - fromMs), points);
  const start = Math.max(0, Math.floor(fromMs / bucketMs) * bucketMs);
  return { fromMs: start, toMs: Math.max(start + bucketMs, Math.ceil(toMs / bucketMs) * bucketMs), bucketMs };
}

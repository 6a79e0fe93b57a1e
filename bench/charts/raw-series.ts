import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import type { SeriesView } from '../../src/renderer/charts/series.ts';
import { liveClient, sampleFeed } from '../../src/renderer/live/sample-feed.ts';
import { benchProfileId } from './fake-samples.ts';

const secondMs = 1000;

/** Every second of a window that ends now, for a drawing that is given the raw points. */
export async function followRaw(spanMs: number, changed: (view: SeriesView) => void): Promise<void> {
  const toMs = Date.now();
  const { buckets } = await liveClient.request('history.range', {
    profileId: benchProfileId,
    fromMs: toMs - spanMs,
    toMs,
    bucketMs: secondMs,
  });
  const held: Bucket[] = [...buckets];
  sampleFeed.onTick(({ atMs, samples: [sample] }) => {
    if (sample === undefined) return;
    foldSample(held, sample, secondMs);
    while ((held[0]?.startMs ?? atMs) < atMs - spanMs) held.shift();
    changed({ fromMs: atMs - spanMs, toMs: atMs, bucketMs: secondMs, buckets: held });
  });
}

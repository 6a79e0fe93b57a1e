import type { Bridge } from '#shared/contract/bridge.ts';
import type { EngineEvents } from '#shared/contract/events.ts';
import type { HistoryRange } from '#shared/contract/history.ts';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { benchProfileId, busySample, downSample } from './fake-samples.ts';

/**
 * `steady`: an hour of load. `outage`: the same, with the server away for half a minute and the
 * app itself not sampling for a minute. `empty`: a pool that has never been sampled.
 */
export type Scenario = 'steady' | 'outage' | 'empty';

const hourSeconds = 3600;
/** Live samples are made beforehand, so that making them is not measured. */
const liveSeconds = 600;

/** A bridge that answers from made-up samples and ticks once a second, like the engine. */
export function fakeBridge(scenario: Scenario): Bridge {
  const startMs = Date.now();
  const past = scenario === 'empty' ? [] : pastSamples(scenario, startMs);
  const coming = Array.from({ length: liveSeconds }, (_, i) => JSON.stringify(busySample(i, 0)));

  const range = (input: { fromMs: number; toMs: number; bucketMs: number }): HistoryRange => {
    const buckets: Bucket[] = [];
    const held = past.filter(({ atMs }) => atMs >= input.fromMs && atMs <= input.toMs);
    for (const sample of held) foldSample(buckets, sample, input.bucketMs);
    return { profileId: benchProfileId, bucketMs: input.bucketMs, buckets, lastAtMs: held.at(-1)?.atMs ?? 0 };
  };

  const listen = (listener: (tick: EngineEvents['samples.tick']) => void) => {
    let second = 0;
    const timer = setInterval(() => {
      const atMs = Date.now();
      // Parsed as it would be when it crosses a bridge.
      const sample: PoolSample = { ...JSON.parse(coming[second % liveSeconds] as string), atMs };
      second += 1;
      past.push(sample);
      if (past.length > hourSeconds) past.shift();
      listener({ atMs, samples: scenario === 'empty' ? [] : [sample] });
    }, 1000);
    return () => clearInterval(timer);
  };

  return {
    shell: 'web',
    request: async (route, input) => {
      if (route === 'history.range')
        return { ok: true, data: range(input as Parameters<typeof range>[0]) as never };
      return {
        ok: false,
        error: { code: 'not_supported', message: `The bench has no ${route}.`, details: {} },
      };
    },
    cancel: () => {},
    on: (event, listener) => (event === 'samples.tick' ? listen(listener as never) : () => {}),
    onLink: (listener) => {
      listener('connected');
      return () => {};
    },
  };
}

function pastSamples(scenario: Scenario, startMs: number): PoolSample[] {
  const samples: PoolSample[] = [];
  for (let second = 0; second < hourSeconds; second++) {
    const agoSeconds = hourSeconds - second;
    const atMs = startMs - agoSeconds * 1000;
    if (scenario === 'outage' && agoSeconds > 200 && agoSeconds <= 240) continue;
    const away = scenario === 'outage' && agoSeconds > 80 && agoSeconds <= 125;
    samples.push(away ? downSample(second, atMs) : busySample(second, atMs));
  }
  return samples;
}

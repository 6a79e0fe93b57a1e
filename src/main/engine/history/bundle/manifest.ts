import * as z from 'zod/mini';
import { histogramNames } from '#shared/model/bucket.ts';
import { type HistoryEvent, historyEventKinds } from '#shared/model/history-event.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';

/**
 * An incident bundle is a zip file of `manifest.json`, `events.jsonl` and, for each connection,
 * `samples/<number>.jsonl` with a sample a line as in `PoolSample`, without its `profileId`.
 */
export const bundleFormat = 'poolscope-incident';
export const bundleVersion = 1;
export const bundleExtension = 'poolscope';

export const manifestEntry = 'manifest.json';
export const eventsEntry = 'events.jsonl';
export const samplesEntry = (number: number): string => `samples/${number}.jsonl`;

/** What a bundle may hold at most; a file that claims more is refused before it takes up room. */
export const bundleLimits = {
  fileBytes: 512 * 2 ** 20,
  entries: 1002,
  unpackedBytes: 4 * 2 ** 30,
  manifestBytes: 4 * 2 ** 20,
  lineBytes: 2 ** 20,
  /** Lines that are held together before they become a chunk; a real window's take a megabyte. */
  runBytes: 16 * 2 ** 20,
  samples: 10_000_000,
  events: 100_000,
  /** Runs of samples that become a chunk each: 50 pools for a month. */
  windows: 250_000,
} as const;

/** Up to the end of the year 9999: what is later, no calendar or axis of ours shows. */
const timeMs = z.int().check(z.gte(0), z.lte(253_402_300_799_999));
const text = (longest: number) => z.string().check(z.maxLength(longest));

/** Only what every version has, to tell a newer one before the rest is looked at. */
export const versionSchema = z.object({ format: z.literal(bundleFormat), version: z.int() });

export const manifestSchema = z.object({
  format: z.literal(bundleFormat),
  version: z.literal(bundleVersion),
  writtenBy: text(64),
  writtenAtMs: timeMs,
  fromMs: timeMs,
  toMs: timeMs,
  profiles: z
    .array(
      z.object({
        profileId: text(64).check(z.minLength(1)),
        name: text(200),
        settings: z.record(text(64), text(1000)),
      }),
    )
    .check(
      z.maxLength(1000),
      z.refine((profiles) => new Set(profiles.map(({ profileId }) => profileId)).size === profiles.length, {
        error: 'A connection is in it twice.',
      }),
    ),
});
export type BundleManifest = z.output<typeof manifestSchema>;

const longestEventText = 1000;

export const bundledEventSchema = z.object({
  eventId: text(64).check(z.minLength(1)),
  profileId: z.nullable(text(64)),
  kind: z.enum(historyEventKinds),
  fromMs: timeMs,
  toMs: timeMs,
  text: text(longestEventText),
}) satisfies z.ZodMiniType<HistoryEvent>;

/** Beyond any real figure, and far from where whole numbers lose digits when they are added up. */
const whole = z.int().check(z.gte(0), z.lte(2 ** 40));
const duration = z.number().check(z.gte(0), z.lte(1e12));

const histogram = z
  .object({
    count: whole,
    sumMs: duration,
    minMs: duration,
    maxMs: duration,
    bins: z.array(z.int().check(z.gte(-1000), z.lte(2 ** 40))).check(z.maxLength(4096)),
  })
  .check(z.refine(hasSoundBins, { error: 'A histogram does not add up.' }));

function hasSoundBins({ count, bins }: { count: number; bins: number[] }): boolean {
  let [before, total] = [Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < bins.length; i += 2) {
    const [index, inBin] = [bins[i] as number, bins[i + 1] ?? 0];
    if (index <= before || index > 2000 || inBin < 1) return false;
    before = index;
    total += inBin;
  }
  return total === count;
}

export const bundledSampleSchema = z.object({
  ...{ atMs: timeMs, intervalMs: z.number().check(z.gte(-1e12), z.lte(1e12)) },
  ...{ idle: whole, used: whole, connecting: whole, pending: whole, usedPeak: whole, pendingPeak: whole },
  ...{ longestPendingMs: duration, min: whole, max: whole },
  ...{ acquired: whole, released: whole, opened: whole, closed: whole, waitTimeouts: whole },
  ...{ connectTimeouts: whole, connectFailures: whole, connectionErrors: whole },
  ...{ waitMs: histogram, holdMs: histogram, connectMs: histogram },
  healthCheck: z.nullable(z.object({ roundTripMs: z.nullable(duration) })),
}) satisfies z.ZodMiniType<Omit<PoolSample, 'profileId'>>;

/** An event as a line of a bundle; a server's message may be of any length. */
export const bundledEvent = (event: HistoryEvent): string =>
  `${JSON.stringify({ ...event, text: event.text.slice(0, longestEventText) })}\n`;

/** A sample as a line of a bundle. */
export function bundledLine({ profileId: _, ...sample }: PoolSample): string {
  const rounded = { ...sample, atMs: Math.round(sample.atMs) };
  for (const name of histogramNames) rounded[name] = { ...sample[name] };
  return `${JSON.stringify(rounded)}\n`;
}

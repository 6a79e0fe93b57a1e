import { describe, expect, it, vi } from 'vitest';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { Advice } from '#shared/model/advice.ts';
import { bucketOfSample } from '#shared/model/bucket.ts';
import { profileDefaults } from '#shared/model/profile.ts';
import { histogramOf, sampleAt } from '../../../../tests/support/samples.ts';
import { RequestError, type request } from '../../bridge/client.ts';
import { gatherReport } from './gather-report.ts';
import { type PoolReport, reportDocument } from './range-report.ts';
import { reportHtml } from './report-html.ts';
import { reportMarkdown } from './report-markdown.ts';

const hostile = 'Orders <img src=x onerror=alert(1)> | **bold** [link](https://evil.example)';
const fromMs = Date.UTC(2026, 10, 20, 14, 0);
const toMs = fromMs + 60_000;
const sample = sampleAt(fromMs + 500, {
  ...{ used: 3, usedPeak: 7, acquired: 40, waitTimeouts: 2 },
  waitMs: histogramOf([1, 2, 12]),
});
const advice = {
  ...{ verdict: 'tooSmall', headline: '4 are not enough.', missing: [], reasons: ['Because.'] },
  ...{ steps: ['Raise it.'], settings: { min: 0, max: 4 }, recommended: { min: 2, max: 6 } },
  ...{ demand: { load: 3.6 }, bound: { sentence: 'There is room.' }, confidence: null },
} as unknown as Advice;
const pool: PoolReport = {
  ...{ name: hostile, target: 'shop@db:5432/orders', advice, problem: null },
  view: { fromMs, toMs, bucketMs: 1000, buckets: [bucketOfSample(sample, 1000)] },
  events: [
    {
      ...{ eventId: '1', profileId: 'a', kind: 'note', fromMs, toMs: fromMs },
      text: '</li><script>alert(1)</script>',
    },
  ],
};
const documentOf = (pools: PoolReport[]) =>
  reportDocument({ fromMs, toMs, madeAtMs: toMs, zone: 'utc', pools });

describe('the report of a range', () => {
  it('sums up each pool: size, waits, timeouts, incidents and advice', () => {
    const markdown = reportMarkdown(documentOf([pool]));
    expect(markdown).toContain('| 0 to 4 | 7 | 90 % | 12 ms | 2 | 0 | Too small: 2 to 6 |');
    expect(markdown).toContain('Too small. 4 are not enough.');
    expect(markdown).toContain('- To do: Raise it.');
    expect(markdown).toContain('2026-11-20 14:00:00 UTC: Note:');
  });

  it('says so where nothing was recorded, or something could not be read', () => {
    const empty = {
      ...pool,
      view: { ...pool.view, buckets: [] },
      events: null,
      advice: null,
      problem: 'Gone.',
    };
    const markdown = reportMarkdown(documentOf([empty]));
    expect(markdown).toContain('No samples were recorded in this range.');
    expect(markdown).toContain('The events of this range could not be read.');
    expect(markdown).toContain('Gone.');
  });

  it('as HTML runs nothing and fetches nothing, whatever names and notes hold', () => {
    const html = reportHtml(documentOf([pool]));
    expect(html).not.toMatch(/<(script|img|link|iframe|a)\b/i);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).toContain('&lt;/li&gt;&lt;script&gt;');
    expect(html).toContain("default-src 'none'");
    expect(html.startsWith('<!doctype html>')).toBe(true);
  });

  it('as Markdown shows names as text: no emphasis, no link, no broken table', () => {
    const markdown = reportMarkdown(documentOf([pool]));
    expect(markdown).not.toContain('**bold**');
    expect(markdown).not.toMatch(/(?<!\\)\]\(/);
    const [row = ''] = markdown.split('\n').filter((line) => line.includes('0 to 4'));
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(9);
  });
});

describe('gathering it', () => {
  const profile: ProfileView = {
    ...profileDefaults,
    profileId: 'a',
    kind: 'user',
    hasPassword: false,
    hasKeyPassphrase: false,
    name: 'A',
  };
  const span = { fromMs, toMs };

  it('goes on when one connection cannot be read, and tells how far it is', async () => {
    const onProgress = vi.fn();
    const ask = vi.fn(async (route: string, input: { profileId: string }) => {
      if (input.profileId === 'a')
        throw new RequestError({ code: 'storage_failed', message: 'Disk.', details: {} });
      return route === 'history.range'
        ? { bucketMs: 1000, buckets: [] }
        : route === 'history.events'
          ? []
          : advice;
    }) as unknown as typeof request;
    const pools = await gatherReport({
      ...{ request: ask, span, onProgress, signal: new AbortController().signal },
      profiles: [profile, { ...profile, profileId: 'b', name: 'B' }],
    });
    expect(pools).toMatchObject([
      { name: 'A', advice: null, events: null, problem: 'Disk.' },
      { name: 'B', advice: { verdict: 'tooSmall' }, problem: null },
    ]);
    expect(onProgress.mock.calls).toEqual([[0], [1]]);
  });

  it('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const ask = (async () => {
      abort.abort();
      throw new RequestError({ code: 'cancelled', message: 'Cancelled.', details: {} });
    }) as unknown as typeof request;
    const gathering = gatherReport({
      ...{ request: ask, span, onProgress: () => {}, signal: abort.signal, profiles: [profile] },
    });
    await expect(gathering).rejects.toMatchObject({ code: 'cancelled' });
  });
});

import { describe, expect, it } from 'vitest';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import { sampleAt } from '../../../../tests/support/samples.ts';
import { formatCountTick } from '../../charts/formats.ts';
import type { SeriesDefinition } from '../../charts/series.ts';
import { type ChartPicture, chartPicture } from './chart-picture.ts';
import { timeTicks } from './picture-times.ts';
import { cutToWidth, roughWidthPx } from './svg-text.ts';

const fromMs = Date.UTC(2026, 9, 4, 12, 3);
const buckets: Bucket[] = [];
for (const i of [0, 1, 2, 60, 61])
  foldSample(buckets, sampleAt(fromMs + 500 + i * 1000, { used: i + 1, idle: 2 }), 1000);

const used: SeriesDefinition = {
  key: 'used',
  label: 'Used',
  color: '--series-used',
  kind: 'area-stack',
  value: (b) => b.used.last,
};
const idle: SeriesDefinition = {
  ...used,
  key: 'idle',
  label: 'Idle',
  fill: 'striped',
  color: '--series-idle',
  value: (b) => b.idle.last,
};
const max: SeriesDefinition = {
  ...used,
  key: 'max',
  label: 'Max',
  kind: 'step',
  dash: '6 4',
  value: (b) => b.maxSetting,
};

const picture = (changes: Partial<ChartPicture> = {}) =>
  chartPicture({
    ...{ title: 'Connections by state', unit: 'connections', subject: 'Orders · app@db:5432/orders' },
    ...{ series: [used, idle, max], hidden: new Set<string>(), axis: { least: 1, wholeNumbers: true } },
    view: { fromMs, toMs: fromMs + 300_000, bucketMs: 1000, buckets },
    formatTick: formatCountTick,
    palette: (name) => (name === '--surface-panel' ? '#ffffff' : '#00568c'),
    widthPx: 600,
    ...changes,
  });

/** Every element's name, in order. Fails where the text is not well-formed XML. */
function elementsOf(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const attribute = String.raw`\s+[\w:-]+="(?:[^<&"]|&(?:amp|lt|gt|quot|apos);)*"`;
  const token = new RegExp(
    `<(/?)([a-zA-Z]+)((?:${attribute})*)(/?)>|(?:[^<&]|&(?:amp|lt|gt|quot|apos);)+`,
    'y',
  );
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`Not well-formed at: ${xml.slice(at, at + 80)}`);
    const [, closing, name, , empty] = match;
    if (name === undefined) continue;
    if (closing === '/') expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (empty !== '/') open.push(name);
    }
  }
  expect(open).toEqual([]);
  return names;
}

describe('a chart as a picture', () => {
  it('is twice the size it has on screen', () => {
    const { svg, widthPx, heightPx } = picture();
    expect(widthPx).toBe(1200);
    expect(svg).toContain(`width="1200" height="${heightPx}" viewBox="0 0 600 ${heightPx / 2}"`);
  });

  it('says title, unit, connection, range in UTC and every series shown', () => {
    const { svg } = picture({ hidden: new Set(['idle']) });
    for (const words of [
      'Connections by state',
      'connections',
      'Orders · app@db',
      '2026-10-04 12:03:00 to 12:08:00 UTC',
      'Used',
      'Max',
    ])
      expect(svg).toContain(words);
    expect(svg).not.toContain('>Idle<');
  });

  it('draws a gap as a gap', () => {
    const { svg } = picture({ series: [max] });
    const line = [...svg.matchAll(/ d="([^"]*H[^"]*)"/g)].map(([, d]) => d).join();
    expect(line.match(/M/g)).toHaveLength(2);
  });

  it('stands by itself: no address, script, style or unresolved colour in it', () => {
    const { svg } = picture();
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|href|<script|<style|var\(|@import/,
    );
    expect(new Set(elementsOf(svg))).toEqual(
      new Set(['svg', 'rect', 'text', 'tspan', 'g', 'path', 'pattern']),
    );
  });

  it('keeps hostile names as text', () => {
    const hostile = [
      '</text><script>alert(1)</script>',
      '"><image href="https://evil.example/x.png"/>',
      "' onload='alert(1)",
      ']]>&lt;&#x3c;script&#x3e;',
      'a\u0000b\u001b\ud800\ufffe\u202egnp',
    ];
    const plain = elementsOf(picture().svg);
    for (const subject of hostile) {
      const series = [{ ...used, label: subject }, idle, max];
      expect(elementsOf(picture({ subject, series, title: subject, unit: subject }).svg).sort()).toEqual(
        plain.sort(),
      );
    }
  });

  it('is still a picture without samples', () => {
    const { svg } = picture({ view: { fromMs, toMs: fromMs + 300_000, bucketMs: 1000, buckets: [] } });
    expect(svg).toContain('No samples in this range');
    elementsOf(svg);
  });
});

describe('the times under a picture', () => {
  const labels = (spanMs: number, start = fromMs) =>
    timeTicks(start, start + spanMs).map(({ label }) => label);

  it('are as fine as they stand apart', () => {
    expect(labels(20_000)).toContain('12:03:05');
    expect(labels(300_000)).toEqual(['12:03', '12:04', '12:05', '12:06', '12:07', '12:08']);
    expect(labels(7 * 86_400_000)).toContain('10-05');
  });

  it('name the day at midnight', () => {
    expect(labels(86_400_000)).toContain('10-05');
  });

  it('are few at every length', () => {
    for (let spanMs = 5000; spanMs < 400 * 86_400_000; spanMs *= 1.7)
      expect(labels(Math.round(spanMs)).length).toBeLessThanOrEqual(9);
  });
});

describe('text cut to a width', () => {
  it('says with an ellipsis that something is missing, and never is wider', () => {
    expect(cutToWidth('Orders', 11, 300)).toBe('Orders');
    const cut = cutToWidth('日本'.repeat(80), 11, 300);
    expect(cut.endsWith('…')).toBe(true);
    expect(roughWidthPx(cut, 11)).toBeLessThanOrEqual(300);
  });
});

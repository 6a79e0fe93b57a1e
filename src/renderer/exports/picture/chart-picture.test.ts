import { describe, expect, it } from 'vitest';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { sampleAt } from '../../../../tests/support/samples.ts';
import { formatCountTick } from '../../charts/formats.ts';
import type { SeriesDefinition } from '../../charts/series.ts';
import type { ShownChart } from '../../charts/shown-chart.ts';
import { formatClockMinute, formatSpanWithZone } from '../../time/clock.ts';
import { type ChartPicture, chartPicture } from './chart-picture.ts';
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

const view = { fromMs, toMs: fromMs + 300_000, bucketMs: 1000, buckets };
const picture = (shown: Partial<ShownChart> = {}, changes: Partial<ChartPicture> = {}) =>
  chartPicture({
    ...{ title: 'Connections by state', unit: 'connections', subject: 'Orders · app@db:5432/orders' },
    ...{ series: [used, idle, max], axis: { least: 1, wholeNumbers: true } },
    shown: {
      ...{ view, hidden: new Set<string>(), overlay: null, events: [], thresholds: [], zone: 'utc' },
      widthPx: 600,
      ...shown,
    },
    formatTick: formatCountTick,
    palette: (name) => (name === '--surface-panel' ? '#ffffff' : '#00568c'),
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

  it('says title, unit, connection, range with its zone and every series shown', () => {
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
    const { svg } = picture({}, { series: [max] });
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

  it('keeps names out of the references between its parts', () => {
    const named = { ...idle, key: 'group:a") b(1)', label: 'a") b(1)' };
    const { svg } = picture({}, { series: [used, named] });
    const [, id] = /<pattern id="([^"]*)"/.exec(svg) ?? [];
    expect(id).toMatch(/^[\w-]+$/);
    expect(svg).toContain(`url(#${id})`);
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
      expect(elementsOf(picture({}, { subject, series, title: subject, unit: subject }).svg).sort()).toEqual(
        plain.sort(),
      );
    }
  });

  it('is still a picture without samples', () => {
    const { svg } = picture({ view: { ...view, buckets: [] } });
    expect(svg).toContain('No samples in this range');
    elementsOf(svg);
  });
});

describe('a picture of what stands on screen', () => {
  const note = (changes: Partial<HistoryEvent>): HistoryEvent => ({
    ...{ eventId: 'n', profileId: 'a', kind: 'note', fromMs: fromMs + 60_000, toMs: fromMs + 60_000 },
    text: 'Deployed <4.12>',
    ...changes,
  });

  it('goes by the zone of the screen and names it', () => {
    const { svg } = picture({ zone: 'local' });
    expect(svg).toContain(formatSpanWithZone(fromMs, fromMs + 300_000, 'local'));
    expect(svg).toContain(`>${formatClockMinute(fromMs + 60_000, 'local')}</text>`);
  });

  it('draws and tells what happened in the range, and nothing beyond it', () => {
    const { svg } = picture({
      events: [
        note({ text: 'too early', fromMs: 0, toMs: 0 }),
        note({}),
        note({ kind: 'poolOpened', text: 'x' }),
      ],
    });
    expect(svg).toContain('Note: Deployed &lt;4.12&gt;');
    expect(svg).not.toContain('too early');
    elementsOf(svg);
    const many = picture({ events: Array.from({ length: 30 }, (_, i) => note({ eventId: `${i}` })) });
    expect(many.svg).toContain('and 23 more');
    expect(many.heightPx).toBeGreaterThan(picture().heightPx);
  });

  it('draws the range behind, and says which it is', () => {
    const earlier = { view: { ...view, fromMs: fromMs - 300_000, toMs: fromMs }, offsetMs: 300_000 };
    const { svg } = picture({ overlay: { ...earlier, label: 'Previous 5 min' } });
    expect(svg).toContain('Previous 5 min (2026-10-04 11:58:00 to 12:03:00 UTC)');
    expect(svg.match(/stroke-dasharray="3 3"/g)?.length).toBeGreaterThan(1);
  });

  it('names every threshold, and draws those within the axis', () => {
    const thresholds = [
      { key: 'a', label: 'Limit 8', value: 8 },
      { key: 'b', label: 'Limit 800', value: 800 },
    ];
    const { svg } = picture({ thresholds });
    expect(svg).toContain('>Limit 8<');
    expect(svg).toContain('>Limit 800<');
    // Two signs in the legend, one line in the plot.
    expect(svg.match(/stroke-dasharray="1 3"/g)).toHaveLength(3);
  });

  it('draws the line of a rule with its name, a share of a series along that series', () => {
    const rule = { name: 'Busy & full', severity: 'critical' } as const;
    const thresholds = [{ key: 'r', label: 'Critical: Busy', value: 0.5, shareOf: 'max', rule }];
    const { svg } = picture({ thresholds });
    expect(svg).toContain('>Critical: Busy<');
    expect(svg).toContain('>Busy &amp; full<');
    expect(svg.match(/stroke-dasharray="8 2 2 2 2 2"/g)).toHaveLength(2);
    expect(elementsOf(svg)).toContain('text');
  });

  it('draws a value that stands alone as a dot', () => {
    const lone: Bucket[] = [];
    foldSample(lone, sampleAt(fromMs + 500, { used: 1 }), 1000);
    const line: SeriesDefinition = { ...used, kind: 'line' };
    const { svg } = picture({ view: { ...view, buckets: lone } }, { series: [line] });
    expect(svg).toMatch(/ d="M[\d.]+ [\d.]+h0"/);
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

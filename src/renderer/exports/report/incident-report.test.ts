import { describe, expect, it } from 'vitest';
import { type Bucket, foldSample } from '#shared/model/bucket.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { sampleAt } from '../../../../tests/support/samples.ts';
import { formatCount } from '../../charts/formats.ts';
import type { ShownRange } from '../../charts/shown-chart.ts';
import { formatSpanWithZone } from '../../time/clock.ts';
import { incidentReport } from './incident-report.ts';

const fromMs = Date.UTC(2026, 9, 4, 12, 3);
const buckets: Bucket[] = [];
for (const [i, used] of [2, 7, 4].entries())
  foldSample(buckets, sampleAt(fromMs + 500 + i * 1000, { used, usedPeak: used + 1, pendingPeak: i }), 1000);
const view = { fromMs, toMs: fromMs + 300_000, bucketMs: 1000, buckets };
const event = (overrides: Partial<HistoryEvent>): HistoryEvent => ({
  ...{ eventId: 'e', profileId: 'a', kind: 'poolResized', fromMs, toMs: fromMs, text: 'Maximum 10 to 20.' },
  ...overrides,
});
const shown: ShownRange = { view, overlay: null, zone: 'utc' };
const base = { connectionName: 'Orders', target: 'app@db:5432/orders', shown, events: [], chart: null };

const used = {
  key: 'used',
  label: 'Used',
  color: '--u',
  kind: 'step',
  value: (b: Bucket) => b.used.last,
} as const;
const pending = { ...used, key: 'pending', label: 'Pending', value: (b: Bucket) => b.pending.max } as const;
const chart = {
  ...{ title: 'Use', unit: 'connections', series: [used, pending], format: formatCount },
  ...{ hidden: new Set(['pending']), thresholds: [{ key: 'wait', label: 'Wait timeout 5 s', value: 5000 }] },
};

describe('a range as Markdown', () => {
  it('names the connection, its target, the range with its zone and the figures', () => {
    const report = incidentReport(base);
    expect(report).toContain('## Orders\n\n- Connection: `app@db:5432/orders`\n');
    expect(report).toContain('- Range: 2026-10-04 12:03:00 to 12:08:00 UTC (5 min)');
    expect(report).toContain(
      '\n\n| Figure | Value |\n| --- | ---: |\n| Connections used, highest | 8 of 10 |',
    );
    expect(report).toContain('None recorded in this range.');
  });

  it('of one chart begins with its series, those shown', () => {
    const report = incidentReport({ ...base, chart });
    expect(report).toContain('## Use: Orders');
    expect(report).toContain('- Threshold: Wait timeout 5 s');
    expect(report).toContain('| Use (connections) | Lowest | Highest | Latest |');
    expect(report).toContain('| Used | 2 | 7 | 4 |');
    expect(report).not.toContain('| Pending |');
  });

  it('lists events with their times, and tells notes apart', () => {
    const events = [event({}), event({ kind: 'note', toMs: fromMs + 60_000, text: 'Deploy *7*' })];
    const report = incidentReport({ ...base, events });
    expect(report).toContain('- 2026-10-04 12:03:00 UTC: Maximum 10 to 20.');
    expect(report).toContain('- 2026-10-04 12:03:00 to 12:04:00 UTC: Note: Deploy \\*7\\*');
  });

  it('goes by the zone of the screen', () => {
    const report = incidentReport({ ...base, shown: { ...shown, zone: 'local' } });
    expect(report).toContain(formatSpanWithZone(fromMs, fromMs + 300_000, 'local'));
  });

  it('puts the figures of the range compared with beside its own', () => {
    const earlier = { ...view, fromMs: fromMs - 300_000, toMs: fromMs, buckets: [] };
    const overlay = { view: earlier, offsetMs: 300_000, label: 'Previous 5 min' };
    const report = incidentReport({ ...base, shown: { ...shown, overlay }, chart });
    expect(report).toContain('- Compared with: Previous 5 min, 2026-10-04 11:58:00 to 12:03:00 UTC');
    expect(report).toContain('| Connections used, highest | 8 of 10 | – |');
    expect(report).toContain('| Used, previous 5 min | – | – | – |');
  });

  it('says so when there are no samples, or events could not be read', () => {
    const report = incidentReport({
      ...base,
      shown: { ...shown, view: { ...view, buckets: [] } },
      events: null,
    });
    expect(report).toContain('No samples were recorded in this range.');
    expect(report).toContain('could not be read');
  });

  it('keeps hostile names and notes as text, each on its line', () => {
    const events = [event({ kind: 'note', text: '# x\n| a | b |\n<img src=x>' })];
    const report = incidentReport({ ...base, connectionName: '<b>|\n## Fake', target: 'a`b@h:1/d', events });
    expect(report.match(/^#+ /gm)).toEqual(['## ', '### ']);
    expect(report).not.toMatch(/(?<!\\)<(b|img)/);
    expect(report).toContain('``a`b@h:1/d``');
  });
});

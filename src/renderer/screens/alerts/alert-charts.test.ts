import { expect, it } from 'vitest';
import { type AlertChart, alertKindInfo } from '#shared/model/alert-kinds.ts';
import { everyPool } from '#shared/model/pooler-point.ts';
import { liveCharts } from '../connection/live/chart-definitions.ts';
import { sideCharts } from '../connection/sessions/chart-definitions.ts';
import { poolCharts } from '../pgbouncer/pool-chart-definitions.ts';

const titlesOf = (charts: readonly { title: string }[]) => charts.map(({ title }) => title);

it('every chart that an alert points to is there', () => {
  const known: Record<AlertChart['tab'], string[]> = {
    live: titlesOf(liveCharts),
    sessions: ['Sessions over time', ...titlesOf(sideCharts)],
    pooler: titlesOf(poolCharts(everyPool)),
  };
  for (const { charts } of Object.values(alertKindInfo)) {
    for (const { tab, title } of charts) expect(known[tab]).toContain(title);
  }
});

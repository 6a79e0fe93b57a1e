import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import '../../src/renderer/theme/tokens.css';
import '../../src/renderer/theme/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from '../../src/renderer/app.tsx';
import { createQueryClient } from '../../src/renderer/data/query-client.ts';
import { LiveTab } from '../../src/renderer/screens/connection/live/live-tab.tsx';
import { cssVariablesResolver, theme } from '../../src/renderer/theme/theme.ts';
import { fakeBridge, type Scenario } from './fake-bridge.ts';
import { benchProfileId } from './fake-samples.ts';
import { timeOpening } from './time-opening.ts';
import { mountUplotCharts } from './uplot-charts.ts';

/**
 * `?show=live|uplot|app`: the Live tab alone, the same charts by uPlot (over `spanMinutes`), or the
 * whole app with `pools` connections. `scenario` as in fake-bridge.ts.
 */
const query = new URLSearchParams(location.search);
const scenario = (query.get('scenario') ?? 'steady') as Scenario;
window.poolscope = fakeBridge(scenario, Number(query.get('pools') ?? 1));

Object.assign(window, { timeOpening });

const root = document.getElementById('root') as HTMLElement;
const paddingPx = 12;
const show = query.get('show') ?? 'live';
if (show !== 'app') {
  root.style.cssText = `box-sizing: border-box; padding: ${paddingPx}px; overflow: auto`;
}

if (show === 'uplot') {
  const area = document.createElement('div');
  root.append(area);
  const spanMs = Number(query.get('spanMinutes') ?? 5) * 60_000;
  mountUplotCharts(area, root.clientWidth - 2 * paddingPx, spanMs);
} else if (show === 'app') {
  createRoot(root).render(<App />);
} else {
  createRoot(root).render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={createQueryClient()}>
        <Notifications position="bottom-right" limit={4} />
        <LiveTab profileId={benchProfileId} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

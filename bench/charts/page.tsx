import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '../../src/renderer/theme/tokens.css';
import '../../src/renderer/theme/base.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { LiveTab } from '../../src/renderer/screens/connection/live/live-tab.tsx';
import { cssVariablesResolver, theme } from '../../src/renderer/theme/theme.ts';
import { fakeBridge, type Scenario } from './fake-bridge.ts';
import { benchProfileId } from './fake-samples.ts';
import { mountUplotCharts } from './uplot-charts.ts';

/** `?drawnBy=poolscope|uplot&scenario=steady|outage|empty` */
const query = new URLSearchParams(location.search);
window.poolscope = fakeBridge((query.get('scenario') ?? 'steady') as Scenario);

const root = document.getElementById('root') as HTMLElement;
const paddingPx = 12;
root.style.cssText = `box-sizing: border-box; padding: ${paddingPx}px; overflow: auto`;

if (query.get('drawnBy') === 'uplot') {
  const area = document.createElement('div');
  root.append(area);
  mountUplotCharts(area, root.clientWidth - 2 * paddingPx);
} else {
  createRoot(root).render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <LiveTab profileId={benchProfileId} />
    </MantineProvider>,
  );
}

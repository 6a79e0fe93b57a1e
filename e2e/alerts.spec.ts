import type { Locator, Page } from '@playwright/test';
import { startTestServer } from '../tests/support/postgres-server.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, ask, chart, fleet, samplesArrive } from './pages.ts';

const openAlerts = (page: Page): Promise<void> => page.getByRole('link', { name: /^Alerts/ }).click();

const alertOf = (page: Page, list: string, sentence: RegExp): Locator =>
  page.getByRole('list', { name: list }).getByRole('listitem', { name: sentence });

test('a server that stops is told as an alert with its cause, and is history once it is back', async ({
  app: { page },
}) => {
  test.setTimeout(240_000);
  const own = await startTestServer();
  try {
    await addAndConnect(page, own, 'Orders');
    await openAlerts(page);
    await expect(page.getByText(/Nothing is wrong\. \d+ rules watch 1 connection\./)).toBeVisible();

    await own.kill();
    const alert = alertOf(page, 'Open alerts, worst first', /^Health checks fail/);
    await expect(alert).toContainText('Critical');
    await expect(alert).toContainText('Firing');
    await expect(page).toHaveTitle(/^\(\d+\) /);
    await expect(fleet(page).getByText(/Alerts: 1 critical/)).toBeAttached();
    await alert.getByRole('button', { name: 'Causes and charts' }).click();
    await expect(alert.getByText('The server is down, restarts, or refuses connections.')).toBeVisible();
    await expect(alert.getByText(/^Seen: .*accepts connections/)).toBeVisible();

    await alert.getByRole('button', { name: /^Acknowledge/ }).click();
    await expect(alert).toContainText('Acknowledged');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(alert).toContainText('Firing');
    await alert.getByRole('button', { name: /^Snooze/ }).click();
    await page.getByRole('dialog', { name: 'Snooze' }).getByRole('button', { name: '1 h' }).click();
    await expect(page.getByRole('list', { name: 'Snoozed' })).toContainText('“Unhealthy” of Orders');

    await alert.getByRole('button', { name: 'Health round trip' }).click();
    await expect(chart(page, 'Health round trip')).toBeInViewport();
    await expect(page.getByRole('region', { name: 'Health', exact: true })).toContainText('Unhealthy');
    await expect(page.getByRole('button', { name: /Alert Unhealthy: Health checks fail/ })).toBeAttached();

    await own.start();
    await openAlerts(page);
    await expect(alert).toHaveCount(0);
    await page.getByRole('tab', { name: 'History' }).click();
    await expect(alertOf(page, 'Alerts that are over, newest first', /^Health checks fail/)).toContainText(
      'it recovered',
    );
  } finally {
    await own.stop();
  }
});

/** How high the line of the utilization rule lies on its chart, of the line of the maximum; null without one. */
const utilizationLine = (page: Page): Promise<number | null> =>
  chart(page, 'Connections by state').evaluate((element) => {
    const heightOf = (selector: string) => {
      const path = element.querySelector<SVGPathElement>(selector);
      const [, y] = /^M[-\d.]+ ([\d.]+)/.exec(path?.getAttribute('d') ?? '') ?? [];
      // Two pixels beyond the plot on either side keep lines at its edges whole.
      return y === undefined ? null : (path?.ownerSVGElement?.viewBox.baseVal.height ?? 0) - 4 - Number(y);
    };
    const height = heightOf('path[data-threshold*="Utilization"]');
    return height === null ? null : Math.round((100 * height) / (heightOf('path[data-series="max"]') ?? 0));
  });

test('a rule draws its line on the chart, is not saved when it could never fire, and is tried on the past', async ({
  app: { page },
  server,
}) => {
  await addAndConnect(page, server, 'Orders');
  await samplesArrive(page, 2);
  await expect.poll(() => utilizationLine(page)).toBe(80);
  const [utilization] = (await ask(page, 'alerts.rules', {})).filter(({ kind }) => kind === 'utilization');
  if (utilization === undefined) throw new Error('No rule watches the utilization.');
  const changed = { ...utilization, threshold: 60, clearThreshold: 50 };
  await ask(page, 'alerts.saveRule', { rule: changed });
  await expect.poll(() => utilizationLine(page)).toBe(60);
  const states = chart(page, 'Connections by state');
  await expect(states.getByText('Warning: Utilization at least 60 %')).toBeVisible();
  const plot = states.getByRole('img', { name: /^Connections by state/ });
  await expect(plot).toHaveAccessibleName(/Lines: Warning: Utilization at least 60 %/);
  await ask(page, 'alerts.saveRule', { rule: { ...changed, enabled: false } });
  await expect.poll(() => utilizationLine(page)).toBeNull();
  await ask(page, 'alerts.saveRule', { rule: utilization });

  await openAlerts(page);
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'Edit or test Utilization' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit rule' });
  await dialog.getByLabel('Threshold', { exact: true }).fill('120');
  await expect(dialog.getByText('The rule could never fire: nothing reaches 120.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeVisible();

  await dialog.getByLabel('Threshold', { exact: true }).fill('95');
  await dialog.getByText('Last hour').click();
  await dialog.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText('Would not have fired');
  // What is not saved outlives the dialog.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Edit or test Utilization' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  const rule = page.getByRole('list', { name: 'Rules' }).getByRole('listitem');
  await expect(rule.filter({ hasText: 'Utilization at least 95 % for 1 min' })).toBeVisible();

  await page.getByRole('button', { name: 'Delete Utilization' }).click();
  await expect(rule.filter({ hasText: 'Utilization' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(rule.filter({ hasText: 'Utilization at least 95 %' })).toBeVisible();
});

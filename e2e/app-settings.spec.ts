import { createServer } from 'node:http';
import type { Page } from '@playwright/test';
import { freePort, listenOn } from '../tests/support/free-port.ts';
import { startCollector } from '../tests/support/otlp-collector.ts';
import { expectAccessible } from './expect-accessible.ts';
import { expect, test } from './fixtures.ts';
import { addAndConnect, chart, fleet, keepingPasswords, readout, showAllCharts } from './pages.ts';

test.use({ environment: keepingPasswords });

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
}

test('lead to how alerts are told', async ({ app: { page }, server }) => {
  await addAndConnect(page, server, 'Orders');
  await openSettings(page);
  const alerts = page.getByRole('region', { name: 'Alerts' });
  await expect(alerts).toContainText('Of every alert');
  await alerts.getByRole('link', { name: 'Notifications, sound and webhook' }).click();
  await expect(page.getByRole('region', { name: 'Webhook' })).toBeVisible();
  const notifications = page
    .getByLabel('Desktop notifications')
    .or(page.getByLabel('Notifications by the browser'));
  // It moves once it is saved, so not at the click.
  await notifications.click();
  await expect(notifications).not.toBeChecked();
  await openSettings(page);
  await expect(alerts).toContainText('NotificationsOff');
  await alerts.getByRole('link', { name: 'Alert rules' }).click();
  await expect(page.getByRole('list', { name: 'Rules' })).toBeVisible();
});

test('metrics are served once switched on, survive a restart, and are gone once switched off', async ({
  app,
  server,
}) => {
  await addAndConnect(app.page, server, 'Orders');
  await openSettings(app.page);
  await expectAccessible(app.page, 'settings');
  const port = await freePort();
  const sectionOf = (page: Page) => page.getByRole('region', { name: 'Metrics endpoint' });
  const save = (page: Page) => sectionOf(page).getByRole('button', { name: 'Save' }).click();

  await sectionOf(app.page).getByLabel('Port').fill('80');
  await sectionOf(app.page).getByLabel('Serve metrics').check();
  await save(app.page);
  await expect(app.page.getByText('Enter a port from 1024 to 65535.')).toBeVisible();
  await sectionOf(app.page).getByLabel('Port').fill(String(port));
  await save(app.page);
  await expect(sectionOf(app.page).getByText('Saved.')).toBeVisible();
  await expect(app.page.getByText(`http://127.0.0.1:${port}/health`)).toBeVisible();
  await expectAccessible(app.page, 'settings with the endpoint on');
  const fetched = async () => await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await expect.poll(fetched).toContain('db_client_connection_max{db_client_connection_pool_name="Orders"}');
  const health = await fetch(`http://127.0.0.1:${port}/health`);
  expect(health.status).toBe(200);
  expect(await health.text()).not.toContain(server.password);

  const page = await app.restart();
  await openSettings(page);
  await expect(page.getByText(`http://127.0.0.1:${port}/health`)).toBeVisible();
  expect(await fetched()).toContain('poolscope_build_info');
  await sectionOf(page).getByLabel('Serve metrics').uncheck();
  await save(page);
  await expect(page.getByText(`http://127.0.0.1:${port}/health`)).toHaveCount(0);
  await expect.poll(() => fetched().catch(() => 'nobody')).toBe('nobody');
});

test('a port that is in use is said, and nothing is lost', async ({ app, server }) => {
  await addAndConnect(app.page, server, 'Orders');
  const other = createServer();
  const port = await listenOn(other);
  try {
    await openSettings(app.page);
    const section = app.page.getByRole('region', { name: 'Metrics endpoint' });
    await section.getByLabel('Serve metrics').check();
    await section.getByLabel('Port').fill(String(port));
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section.getByText(`Port ${port} is in use by another program.`)).toBeVisible();
    await expect(section.getByLabel('Port')).toHaveValue(String(port));
    await section.getByRole('button', { name: 'Discard changes' }).click();
    await expect(section.getByLabel('Port')).toHaveValue('5481');
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test('metrics are pushed to a collector, with a key that the window never sees again', async ({
  app,
  server,
}) => {
  const collector = await startCollector();
  try {
    const { page } = app;
    await addAndConnect(page, server, 'Orders');
    await openSettings(page);
    const section = page.getByRole('region', { name: 'Push to a collector' });
    await section.getByLabel('Push metrics').check();
    await section.getByLabel('Address').fill('http://collector.example.com/v1/metrics');
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section.getByText(/^Enter an https address\./)).toBeVisible();
    await section.getByLabel('Address').fill(collector.url);
    await section.getByLabel('Headers').fill('Authorization: Bearer the-key');
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section.getByText('Saved.')).toBeVisible();
    await section.getByRole('button', { name: 'Push now' }).click();
    await expect(section.getByText(/^The collector took [\d,]+ values/)).toBeVisible();
    expect(collector.pushes.at(-1)?.headers.authorization).toBe('Bearer the-key');
    await expect(section.getByLabel('Headers')).toHaveValue('');
    expect(await page.content()).not.toContain('the-key');
    collector.answerWith(401);
    await section.getByRole('button', { name: 'Push now' }).click();
    await expect(section.getByText('The collector refused the push (HTTP 401).')).toBeVisible();
    await expectAccessible(page, 'settings with a push that failed');
    await section.getByLabel('Push metrics').uncheck();
    await section.getByRole('button', { name: 'Save' }).click();
    await expect(section.getByRole('button', { name: 'Push now' })).toHaveCount(0);
  } finally {
    await collector.stop();
  }
});

test('this machine is charted below the pool, under one crosshair, and stays open', async ({
  app,
  server,
}) => {
  const { page } = app;
  await addAndConnect(page, server, 'Orders');
  await showAllCharts(page);
  await page.setViewportSize({ width: 1280, height: 2400 });
  const toggle = page.getByRole('button', { name: /^This machine/ });
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await toggle.click();
  for (const title of ['Processors', 'Memory', 'Disks', 'Network'])
    await expect(chart(page, title)).toBeVisible();
  await expect(readout(page, 'Memory', 'memoryTotalBytes')).toHaveText(/\d (MB|GB|TB)/, { timeout: 30_000 });
  await expect(readout(page, 'Processors', 'poolscopeCpu')).toHaveText(/\d %/);
  await expectAccessible(page, 'this machine');

  const plot = page.getByRole('img', { name: /^Throughput/ });
  await plot.focus();
  await plot.press('End');
  const momentOf = (title: string) =>
    chart(page, title)
      .locator('header')
      .textContent()
      .then((text) => /\d\d:\d\d/.exec(text ?? '')?.[0] ?? 'none');
  await expect.poll(() => momentOf('Memory')).toBe(await momentOf('Throughput'));

  await page.reload();
  await fleet(page).getByRole('link', { name: 'Orders' }).click();
  await expect(chart(page, 'Memory')).toBeVisible();
});

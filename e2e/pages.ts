import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { Envelope } from '#shared/contract/errors.ts';
import type { RouteAnswer, RouteInput, RouteName } from '#shared/contract/routes.ts';
import type { TestServer } from '../tests/support/postgres-server.ts';
import { recordPast } from '../tests/support/recorded-history.ts';
import type { AppUnderTest } from './app-under-test.ts';
import { expect } from './fixtures.ts';

/** What a user does on the screens, in their words. Locators go by role and name, as a screen reader does. */

export const fleet = (page: Page): Locator => page.getByRole('navigation', { name: 'Connections' });

export async function openAddForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a connection' }).first().click();
  await expect(page.getByLabel('Connection URL')).toBeVisible();
}

/** Pastes the server's address, names the connection, and leaves the form ready to save. */
export async function fillForm(page: Page, url: string, name: string): Promise<void> {
  await page.getByLabel('Connection URL').fill(url);
  await page.getByLabel('Name', { exact: true }).fill(name);
}

/** Opens a group of the form, unless it is open. */
export async function openGroup(page: Page, title: string): Promise<void> {
  const toggle = page.getByRole('button', { name: new RegExp(`^${title}`), expanded: false });
  if ((await toggle.count()) > 0) await toggle.click();
  await expect(page.getByRole('button', { name: new RegExp(`^${title}`), expanded: true })).toBeVisible();
}

/** Saves and connects what the form holds. */
export async function saveAndConnect(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Save and connect' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Adds a connection through the form and connects it; ends on its Live tab, healthy. */
export async function addAndConnect(page: Page, server: TestServer, name: string): Promise<void> {
  await openAddForm(page);
  await fillForm(page, server.url, name);
  await saveAndConnect(page, name);
  await expectStatus(page, 'Healthy');
}

/** The status beside the connection's name in its header. */
export async function expectStatus(page: Page, word: string): Promise<void> {
  await expect(
    page.getByRole('banner').or(page.locator('main header')).getByText(word, { exact: true }).first(),
  ).toBeVisible({
    timeout: 20_000,
  });
}

export const openTab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();

/** A stat tile of the Live tab, by its label. */
const tileOf = (page: Page, label: string): Locator =>
  page.locator('dl > div', { has: page.locator('dt', { hasText: new RegExp(`^${label}$`) }) });

/** Value of a stat tile. */
export const tile = (page: Page, label: string): Locator => tileOf(page, label).locator('dd').first();

/** The time of the latest health check, as in "14:03:21"; null before the first. */
export async function lastCheckTime(page: Page): Promise<string | null> {
  const note = await tileOf(page, 'Round trip').locator('dd').nth(1).textContent();
  return /\d\d:\d\d:\d\d/.exec(note ?? '')?.[0] ?? null;
}

/** Waits for one more health check after those so far, and for the first; returns its time. */
export async function nextCheckTime(page: Page): Promise<string> {
  await expect.poll(() => lastCheckTime(page)).not.toBeNull();
  const before = await lastCheckTime(page);
  await expect.poll(() => lastCheckTime(page)).not.toBe(before);
  return (await lastCheckTime(page)) ?? '';
}

export async function pause(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Live.*Pause$/ }).click();
  await expect(page.getByRole('button', { name: /^Paused.*Go on live$/ })).toContainText(
    /Paused at \d\d:\d\d:\d\d/,
  );
}

export async function goOnLive(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Paused.*Go on live$/ }).click();
  await expect(page.getByRole('button', { name: /^Live.*Pause$/ })).toBeVisible();
}

/** Waits until this many more seconds have been sampled. */
export async function samplesArrive(page: Page, count: number): Promise<void> {
  await page.evaluate(async (wanted) => {
    const bridge = (globalThis as { poolscope?: Bridge }).poolscope;
    let heard = 0;
    await new Promise<void>((resolve) => {
      bridge?.on('samples.tick', () => {
        heard += 1;
        if (heard === wanted) resolve();
      });
    });
  }, count);
}

/** Sessions that Poolscope has on the server, as the server counts them. */
export const sessionsOf = (server: TestServer): Promise<number> =>
  server.admin(async (client) => {
    const sql = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'Poolscope'";
    return (await client.query<{ n: number }>(sql)).rows[0]?.n ?? Number.NaN;
  });

/** Makes the window so high that every chart is in view: one scrolled out of view draws nothing. */
export const showAllCharts = (page: Page): Promise<void> =>
  page.setViewportSize({ width: 1280, height: 1800 });

/** A chart of the Live tab with its legend, by its title. */
export const chart = (page: Page, title: string): Locator =>
  page.getByRole('region', { name: title, exact: true });

/** The figure of one series in a chart's legend: under the crosshair, or now. */
export const readout = (page: Page, title: string, series: string): Locator =>
  chart(page, title).locator(`[data-readout="${series}"]`);

/** The moment whose figures each chart shows, as in "14:03:21"; empty where that is now. */
export async function crosshairTimes(page: Page): Promise<string[]> {
  const headers = await page.locator('section:has(> [data-chart-plot]) > header').allInnerTexts();
  return headers.map((text) => /\d\d:\d\d:\d\d/.exec(text)?.[0] ?? '');
}

/** One unbroken piece of a series: where it starts and ends, in seconds before the right edge. */
export interface Piece {
  startsAgo: number;
  endsAgo: number;
}

/** What is really drawn of a series in the 5-minute window: its pieces from left to right, cut where there are gaps. */
export async function drawnPieces(page: Page, title: string, series: string): Promise<Piece[]> {
  // What stands alone between gaps is a dot, in a path of its own.
  const paths = chart(page, title).locator(`path[data-series="${series}"], path[data-dots="${series}"]`);
  const { d, widthPx } = await paths.evaluateAll((elements) => ({
    d: elements.map((element) => element.getAttribute('d') ?? '').join(''),
    widthPx: (elements[0] as SVGPathElement | undefined)?.ownerSVGElement?.width.baseVal.value ?? 0,
  }));
  return d
    .split(/(?=M)/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      // A mark is a cross of 7 by 7 pixels around its moment.
      const middlePx = piece.includes('l7 7') ? 3.5 : 0;
      const ago = [...piece.matchAll(/[MHL](-?[\d.]+)/g)].map(
        ([, x]) => ((widthPx - Number(x) - middlePx) * 300) / widthPx,
      );
      return { startsAgo: Math.max(...ago), endsAgo: Math.min(...ago) };
    })
    .toSorted((a, b) => b.startsAgo - a.startsAgo);
}

/** Asks the engine as the page's own code does. @throws Error in the engine's words */
export async function ask<K extends RouteName>(
  page: Page,
  route: K,
  input: RouteInput<K>,
): Promise<RouteAnswer<K>> {
  // As text: Playwright's own types know nothing of which answer goes with which route.
  const answer = await page.evaluate(
    async ([name, given]) => {
      const bridge = (globalThis as unknown as { poolscope: Bridge }).poolscope;
      return JSON.stringify(await bridge.request(name as 'app.info', JSON.parse(given), crypto.randomUUID()));
    },
    [route as string, JSON.stringify(input)] as const,
  );
  const envelope = JSON.parse(answer) as Envelope<RouteAnswer<K>>;
  if (!envelope.ok) throw new Error(envelope.error.message);
  return envelope.data;
}

/** Passwords survive a restart also in the web shell: `test.use({ environment: keepingPasswords })`. */
export const keepingPasswords = { POOLSCOPE_VAULT_PASSPHRASE: 'for the tests only' };

/** Connects a connection that is closed, and waits until it is well. */
export async function reconnect(page: Page, name: string): Promise<void> {
  await fleet(page).getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).first().click();
  await expectStatus(page, 'Healthy');
}

export const goToHistory = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible();
};

/**
 * Adds a connection and gives it a past of `hours`, as if Poolscope had run all the while; ends on
 * its Live tab, healthy. Needs `keepingPasswords`. Returns its id and when that past ends.
 */
export async function addWithPast(
  app: AppUnderTest,
  server: TestServer,
  name: string,
  hours: number,
): Promise<{ profileId: string; endMs: number }> {
  await addAndConnect(app.page, server, name);
  const [profile] = await ask(app.page, 'profiles.list', {});
  const { profileId = '' } = profile ?? {};
  await app.stop();
  const endMs = recordPast(join(app.dataFolder, 'history.db'), { profileId, name, hours, endMs: Date.now() });
  await app.start();
  await reconnect(app.page, name);
  return { profileId, endMs };
}

/** Types a range and shows it. */
export async function typeRange(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: 'Type a range' });
  await box.fill(text);
  await box.press('Enter');
}

/** Drags over a chart, from one share of its width to another. */
export async function dragOver(page: Page, title: string, from: number, to: number): Promise<void> {
  const box = await page.getByRole('img', { name: new RegExp(`^${title}`) }).boundingBox();
  if (box === null) throw new Error('The chart is not on screen.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 5 });
  await page.mouse.up();
}

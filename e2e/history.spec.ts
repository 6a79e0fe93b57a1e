import { spawnSync } from 'node:child_process';
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import {
  addAndConnect,
  addWithPast,
  ask,
  chart,
  drawnPieces,
  fleet,
  goToHistory,
  keepingPasswords,
  openTab,
  reconnect,
  samplesArrive,
  showAllCharts,
} from './pages.ts';

test.use({ environment: keepingPasswords });

/** When the newest sample of the connection was taken that the history knows. */
async function newestSampleMs(page: Page): Promise<number> {
  const [profile] = await ask(page, 'profiles.list', {});
  const nowMs = Date.now();
  const range = { profileId: profile?.profileId ?? '', fromMs: nowMs - 600_000, toMs: nowMs + 10_000 };
  return (await ask(page, 'history.range', { ...range, bucketMs: 1000 })).lastAtMs;
}

const openPast = async (page: Page, name: string) => {
  await fleet(page).getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Show its history' }).click();
};

test('what was recorded is there after a restart, and after a kill but for the last second', async ({
  app,
  server,
}) => {
  await addAndConnect(app.page, server, 'Orders');
  await samplesArrive(app.page, 3);
  const beforeRestart = await newestSampleMs(app.page);
  const afterRestart = await app.restart();
  expect(await newestSampleMs(afterRestart)).toBeGreaterThanOrEqual(beforeRestart);
  await openPast(afterRestart, 'Orders');
  await showAllCharts(afterRestart);
  await expect.poll(() => drawnPieces(afterRestart, 'Throughput', 'acquired')).not.toEqual([]);
  await expect(
    afterRestart.getByRole('button', { name: /Pool opened The pool was opened\.$/ }),
  ).toBeVisible();

  await reconnect(afterRestart, 'Orders');
  await samplesArrive(afterRestart, 3);
  const beforeKill = await newestSampleMs(afterRestart);
  await app.kill();
  const afterKill = await app.start();
  expect(await newestSampleMs(afterKill)).toBeGreaterThanOrEqual(beforeKill - 1100);
  await openPast(afterKill, 'Orders');
  await expect(chart(afterKill, 'Throughput')).toBeVisible();
});

test('what the sessions of a server did is there before its pool is opened again', async ({
  app,
  server,
}) => {
  const drawn = (page: Page) =>
    chart(page, 'Sessions over time')
      .locator('path[data-series]')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d') ?? '').join(''));
  await addAndConnect(app.page, server, 'Orders');
  await openTab(app.page, 'Sessions');
  await expect.poll(() => drawn(app.page)).not.toBe('');
  const page = await app.restart();
  await fleet(page).getByRole('link', { name: 'Orders' }).click();
  await openTab(page, 'Sessions');
  await page.getByRole('button', { name: 'Show its history' }).click();
  await expect.poll(() => drawn(page)).not.toBe('');
});

test('a damaged history is set aside, named in the window, and a new one begins', async ({ app, server }) => {
  await app.stop();
  await writeFile(path.join(app.dataFolder, 'history.db'), 'no database at all');
  const page = await app.start();
  const notice = page.getByText(
    /^The history file was damaged\. It was set aside as .*, and a new one has begun\.$/,
  );
  await expect(notice).toBeVisible();
  const aside = (await readdir(app.dataFolder)).find((name) => /^history-damaged-/.test(name)) ?? 'none';
  await expect(notice).toContainText(path.join(app.dataFolder, aside));
  await addAndConnect(page, server, 'Orders');
  await goToHistory(page);
  await expect(page.getByText('Every open pool is recorded, once a second;')).toBeVisible();
  await expect(page.getByRole('row', { name: /^Orders/ })).toBeVisible();
});

const maySmall = process.platform === 'linux' && process.getuid?.() === 0;

test('a full disk stops recording with a plain warning, charts go on, and recording resumes by itself', async ({
  app,
  server,
}) => {
  test.skip(!maySmall, 'Only root on Linux may mount the small disk this needs.');
  await app.stop();
  await rm(app.dataFolder, { recursive: true, force: true });
  await mkdir(app.dataFolder, { recursive: true });
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'poolscope-e2e', app.dataFolder]);
  expect(String(mounted.stderr)).toBe('');
  try {
    const page = await app.start();
    await addAndConnect(page, server, 'Orders');
    await samplesArrive(page, 1);
    const ballast = path.join(app.dataFolder, 'ballast');
    await fill(ballast);
    const warning = page
      .getByRole('contentinfo')
      .getByText(/^Recording of the history has stopped: the disk of .* is full\./);
    await expect(warning).toBeVisible({ timeout: 30_000 });
    await expect(
      page.getByText(/Live charts go on, and recording resumes by itself\.$/).last(),
    ).toBeVisible();
    await samplesArrive(page, 2);
    await showAllCharts(page);
    const newestAgo = async () => (await drawnPieces(page, 'Throughput', 'acquired')).at(-1)?.endsAgo;
    await expect.poll(newestAgo).toBeLessThan(3);
    const stoppedAtMs = await newestSampleMs(page);

    await rm(ballast);
    await expect(warning).toHaveCount(0, { timeout: 15_000 });
    await expect(
      page.getByText(/^The history is being recorded again: .*nothing is missing\.$/),
    ).toBeVisible();
    await app.stop();
    const again = await app.start();
    expect(await newestSampleMs(again)).toBeGreaterThanOrEqual(stoppedAtMs);
    await app.stop();
  } finally {
    await app.kill();
    spawnSync('umount', ['-l', app.dataFolder]);
  }
});

/** Takes all the room there is. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const size of [65_536, 4096, 512]) {
      try {
        for (;;) await handle.write(Buffer.alloc(size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    await handle.close();
  }
}

test('the History screen says what it takes up, how long it is kept, deletes after saying what, and shrinks', async ({
  app,
  server,
}) => {
  await addWithPast(app, server, 'Orders', 3);
  const { page } = app;
  await goToHistory(page);
  const row = page.getByRole('row', { name: /^Orders/ });
  await expect(row).toContainText(/\d+ kB/);
  await expect(row).toContainText(/10,8\d\d/);
  await expect(page.getByText(/^about \d.*[MG]B$/)).toBeVisible();

  const seconds = page.getByLabel('Every second, for (days)');
  await seconds.fill('0');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Enter a whole number of days from 1 to 366.')).toBeVisible();
  await seconds.fill('3');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(seconds).toHaveValue('3');
  await expect(page.getByText('seconds for 3 d, minutes for 90 d')).toBeVisible();

  const used = async () => (await ask(page, 'history.storage', {})).usedBytes;
  const before = await used();
  await page.getByRole('button', { name: 'Delete the history of Orders…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/^10,8\d\d samples, 18\d minutes( and \d+ events?)?: \d+ kB$/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('History deleted', { exact: true })).toBeVisible();
  await expect(row).not.toContainText(/10,8\d\d/);
  await page.getByRole('button', { name: /^Compact: give back / }).click();
  await expect(page.getByText(/^Compacted from .* to .*\.$/)).toBeVisible();
  expect(await used()).toBeLessThan(before - 100_000);
});

test('sampling of sessions in the background is switched off where history is kept', async ({
  app,
  server,
}) => {
  await addAndConnect(app.page, server, 'Orders');
  await goToHistory(app.page);
  const toggle = app.page.getByRole('switch', { name: 'Sample in the background' });
  await expect(toggle).toBeChecked();
  await toggle.press('Space');
  await expect(toggle).not.toBeChecked();
  await expect.poll(async () => (await ask(app.page, 'sessions.settings', {})).background).toBe(false);
  const [profile] = await ask(app.page, 'profiles.list', {});
  await expect
    .poll(async () => (await ask(app.page, 'sessions.status', { profileId: profile?.profileId ?? '' })).state)
    .toBe('off');
  const again = await app.restart();
  await goToHistory(again);
  await expect(again.getByRole('switch', { name: 'Sample in the background' })).not.toBeChecked();
});

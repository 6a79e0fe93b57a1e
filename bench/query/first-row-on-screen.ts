import type { Page } from 'playwright';
import type { TestServer } from '../../tests/support/postgres-server.ts';
import { launch, openPage } from '../charts/measure.ts';
import { ensureBuilt, serve, stop, withFolder } from '../server/web-shell.ts';

/** From the press of Run until a row of the new result is painted; the rows of the one before are gone by then. */
const timeFirstRow = `new Promise((resolve) => {
  const run = [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === 'Run');
  const shown = () => document.querySelector('[role=gridcell]')?.textContent === '1';
  const startedMs = performance.now();
  let gone = !shown();
  run.click();
  const look = () => {
    gone ||= !shown();
    if (!gone || !shown()) return requestAnimationFrame(look);
    // The frame after has painted it.
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedMs)));
  };
  requestAnimationFrame(look);
})`;

/** Connects the page to the server, as the form would, and opens the Query tab with a text that reads all rows. */
async function openQueryTab(page: Page, server: TestServer, text: string): Promise<void> {
  const input = { draft: server.draft(), password: { kind: 'set', value: server.password } };
  const draft = { text, parameterTypes: [], timeoutMs: 600_000, rowLimit: null };
  await page.waitForFunction('globalThis.poolscope !== undefined');
  await page.evaluate(`(async () => {
    const ask = async (route, input) => {
      const answer = await poolscope.request(route, input, crypto.randomUUID());
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.data;
    };
    const { profileId } = await ask('profiles.create', ${JSON.stringify(input)});
    await ask('pools.open', { profileId });
    localStorage.setItem('poolscope.query.draft.' + profileId, ${JSON.stringify(JSON.stringify(draft))});
    location.hash = '#/connection/' + profileId + '/query';
  })()`);
  await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
}

/** Milliseconds of `tries` runs of a statement whose first value is 1, in the built app, in Chromium. */
export async function firstRowsOnScreen(server: TestServer, text: string, tries: number): Promise<number[]> {
  ensureBuilt();
  return await withFolder(async (folder) => {
    const app = await serve(folder);
    const browser = await launch();
    try {
      const { page } = await openPage(browser, app.url);
      await openQueryTab(page, server, text);
      const times: number[] = [];
      for (let i = 0; i <= tries; i += 1) {
        const ms = await page.evaluate<number>(timeFirstRow);
        // The first one opens the connection and compiles the code.
        if (i > 0) times.push(ms);
        await page.getByRole('button', { name: /^Cancel/ }).click();
        await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
      }
      return times;
    } finally {
      await browser.close();
      await stop(app);
    }
  });
}

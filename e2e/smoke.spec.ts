import { realpath } from 'node:fs/promises';
import type { Bridge } from '#shared/contract/bridge.ts';
import { expect, test } from './fixtures.ts';

/** `window.poolscope` as a script of the page sees it. */
type PageGlobal = { poolscope?: Bridge };

test('the window opens and its page reaches the engine', { tag: '@shell' }, async ({ app, shell }) => {
  await expect(app.page).toHaveTitle('Poolscope');
  await expect
    .poll(() => app.page.evaluate(() => (globalThis as PageGlobal).poolscope?.shell))
    .toBe(shell === 'web' ? 'web' : 'electron');
  const answer = await app.page.evaluate(() =>
    (globalThis as PageGlobal).poolscope?.request('app.info', {}, 'smoke'),
  );
  expect(answer).toMatchObject({ ok: true, data: { dataFolder: await realpath(app.dataFolder) } });
});

test('a frame inside the page has no bridge, and none can come from elsewhere', { tag: '@shell' }, async ({
  app,
}) => {
  app.expectProblem(/^Framing 'https:\/\/foreign\.invalid\/' violates the following Content Security Policy/);
  await expect(app.page).toHaveTitle('Poolscope');
  const found = await app.page.evaluate(async () => {
    type FrameElement = { src: string; contentWindow: object };
    const document = (
      globalThis as unknown as {
        document: { createElement(name: string): FrameElement; body: { append(e: object): void } };
      }
    ).document;
    const refused = new Promise((resolve) => {
      (globalThis as unknown as EventTarget).addEventListener('securitypolicyviolation', (event) =>
        resolve((event as unknown as { effectiveDirective: string }).effectiveDirective),
      );
    });
    const own = document.createElement('iframe');
    document.body.append(own);
    const foreign = document.createElement('iframe');
    foreign.src = 'https://foreign.invalid/';
    document.body.append(foreign);
    return { refused: await refused, ownHasBridge: 'poolscope' in own.contentWindow };
  });
  expect(found).toEqual({ refused: 'frame-src', ownHasBridge: false });
});

test('a page that is led elsewhere does not take the bridge along', { tag: '@shell' }, async ({
  app,
  shell,
}) => {
  await expect(app.page).toHaveTitle('Poolscope');
  const home = app.page.url();
  await app.page.evaluate(() => {
    (globalThis as unknown as { location: { assign(url: string): void } }).location.assign(
      'https://foreign.invalid/',
    );
  });
  // A browser may go there (and finds nobody); the window of Electron stays where it is.
  if (shell === 'web') {
    await expect.poll(() => app.page.url()).not.toBe(home);
    await expect.poll(() => app.page.evaluate(() => 'poolscope' in globalThis)).toBe(false);
  } else {
    const answer = app.page.evaluate(() =>
      (globalThis as PageGlobal).poolscope?.request('app.info', {}, 'stays'),
    );
    expect(await answer).toMatchObject({ ok: true });
    expect(app.page.url()).toBe(home);
  }
});

test('it starts again on the same data folder', { tag: '@shell' }, async ({ app }) => {
  await expect(app.page).toHaveTitle('Poolscope');
  await app.restart();
  await expect(app.page).toHaveTitle('Poolscope');
});

test('a second instance on the same data folder says so and ends; the first stays', {
  tag: '@shell',
}, async ({ app, shell }) => {
  const second = await app.startSecondInstance();
  expect(second.output).toMatch(/already (open|running) on th/);
  expect(second.exitCode).toBe(shell === 'web' ? 1 : 0);
  await expect(app.page).toHaveTitle('Poolscope');
});

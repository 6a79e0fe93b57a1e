import type { Page } from '@playwright/test';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { AppUnderTest } from './app-under-test.ts';

interface Workers {
  profileId: string;
  count: number;
  sql: string;
  mode: 'readOnly' | 'write';
  /** Between an answer and the next request; none unless told. */
  restMs?: number;
}

/**
 * A second window on the same engine, so that callers in it are not slowed down by what the first one
 * draws; the first one itself in shells that have but one.
 */
export async function openLoadPage({ page, shell }: AppUnderTest): Promise<Page> {
  if (shell !== 'web') return page;
  const second = await page.context().newPage();
  await second.goto(page.url());
  await second.waitForFunction(() => 'poolscope' in globalThis);
  return second;
}

/**
 * Callers that ask the app's own pool through the page, each again once it is answered and has rested; a
 * moment after a failure. They go on until `stopWorkers`.
 */
export async function startWorkers(page: Page, workers: Workers): Promise<void> {
  await page.evaluate(({ profileId, count, sql, mode, restMs = 0 }) => {
    const { poolscope } = globalThis as unknown as { poolscope: Bridge };
    const load = { running: true, workers: [] as Promise<void>[] };
    (globalThis as { load?: typeof load }).load = load;
    const work = async () => {
      while (load.running) {
        const runId = crypto.randomUUID();
        const answer = await poolscope.request(
          'query.run',
          {
            ...{ runId, profileId, transactionId: null, text: sql, parameters: [], mode },
            ...{ timeoutMs: 600_000, rowLimit: 1 },
          },
          crypto.randomUUID(),
        );
        if (answer.ok) await poolscope.request('query.close', { runId }, crypto.randomUUID());
        const pauseMs = !answer.ok || answer.data.run.error !== null ? 500 : restMs;
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    load.workers = Array.from({ length: count }, work);
  }, workers);
}

/** Waits until each has its last answer. */
export async function stopWorkers(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { load } = globalThis as { load?: { running: boolean; workers: Promise<void>[] } };
    if (load === undefined) return;
    load.running = false;
    await Promise.all(load.workers);
  });
}

import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '../../src/renderer/theme/tokens.css';
import '../../src/renderer/theme/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { NamesPage, NamesPlace, PageAt } from '#shared/contract/names.ts';
import { createQueryClient } from '../../src/renderer/data/query-client.ts';
import { NamesTab } from '../../src/renderer/screens/connection/names/names-tab.tsx';
import { cssVariablesResolver, theme } from '../../src/renderer/theme/theme.ts';
import { benchProfile } from '../charts/fake-fleet.ts';

/** The Names tab over a bridge that answers from a made-up table of a million names. */
const rowCount = 1_000_000;
const served = { waitMs: 0.1, queryMs: 2, processId: 4711 };

const place: NamesPlace = {
  ...{ chosenSchema: null, targetSchema: 'public', schemas: [], served },
  table: {
    ...{ state: 'ready', schema: 'public', estimatedRows: rowCount },
    ...{ mayAdd: true, mayUpdate: true, mayDelete: true },
  },
};

function pageAt(at: PageAt, limit: number): NamesPage {
  const id = 'id' in at ? at.id : 0;
  const starts = {
    first: 1,
    after: id + 1,
    around: id - limit / 2,
    before: id - limit,
    last: rowCount - limit + 1,
  };
  const start = Math.max(1, Math.min(rowCount - limit + 1, starts[at.kind]));
  const rows = Array.from({ length: limit }, (_, i) => ({
    id: start + i,
    name: `Augusta Ada King of Lovelace ${start + i}`,
    isCut: false,
  }));
  return { rows, hasBefore: start > 1, hasAfter: start + limit <= rowCount, served };
}

/** When the last page was answered, on the page's own clock. */
let answeredAtMs = 0;

const answers: Record<string, (input: never) => unknown> = {
  'names.table': () => place,
  'names.page': ({ at, limit }: { at: PageAt; limit: number }) => pageAt(at, limit),
  'names.watch': () => null,
};

const bridge: Bridge = {
  shell: 'web',
  request: async (route, input) => {
    // As it crosses a bridge: text when it comes, parsed by then on the page's time.
    const text = JSON.stringify(answers[route]?.(input as never) ?? null);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (route === 'names.page') answeredAtMs = performance.now();
    return { ok: true, data: JSON.parse(text) };
  },
  cancel: () => {},
  on: () => () => {},
  onLink: (listener) => {
    listener('connected');
    return () => {};
  },
};
window.poolscope = bridge;

/** Presses a button of the list; milliseconds from the answer until its rows were painted. */
async function timePage(button: string): Promise<number> {
  const grid = document.querySelector<HTMLElement>('[data-jump]');
  const press = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === button);
  if (grid === null || press === undefined) throw new Error(`There is no list, or no button "${button}".`);
  const before = grid.dataset.jump;
  press.click();
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  while (grid.dataset.jump === before || grid.querySelectorAll('[aria-selected]').length === 0) await frame();
  // The frame that holds the rows is painted when the next task after it runs.
  await frame();
  await new Promise((resolve) => setTimeout(resolve));
  return performance.now() - answeredAtMs;
}

/** Scrolls by a row a frame; the longest pause between two frames, and how many rows were missing in view. */
async function scrollThrough(frames: number): Promise<{ longestFrameMs: number; emptyFrames: number }> {
  const grid = document.querySelector<HTMLElement>('[data-jump]');
  if (grid === null) throw new Error('There is no list.');
  let [longestFrameMs, emptyFrames, lastMs] = [0, 0, performance.now()];
  for (let i = 0; i < frames; i += 1) {
    grid.scrollTop += 28 * 4;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => setTimeout(resolve));
    const { left, top, height } = grid.getBoundingClientRect();
    const middle = document.elementFromPoint(left + 200, top + height / 2);
    if (middle?.closest('[aria-selected]') == null) emptyFrames += 1;
    longestFrameMs = Math.max(longestFrameMs, performance.now() - lastMs);
    lastMs = performance.now();
  }
  return { longestFrameMs, emptyFrames };
}

Object.assign(window, { timePage, scrollThrough });

const root = document.getElementById('root') as HTMLElement;
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
    <QueryClientProvider client={createQueryClient()}>
      <Notifications position="bottom-right" limit={4} />
      <NamesTab profile={benchProfile('bench', 0)} />
    </QueryClientProvider>
  </MantineProvider>,
);

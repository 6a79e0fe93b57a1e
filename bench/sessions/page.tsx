import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '../../src/renderer/theme/tokens.css';
import '../../src/renderer/theme/base.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '#shared/contract/bridge.ts';
import type { EngineEvents, EventName } from '#shared/contract/events.ts';
import { createQueryClient } from '../../src/renderer/data/query-client.ts';
import { SessionsTab } from '../../src/renderer/screens/connection/sessions/sessions-tab.tsx';
import { cssVariablesResolver, theme } from '../../src/renderer/theme/theme.ts';
import { benchProfile, notAnswered } from '../charts/fake-fleet.ts';
import { sampleAt, serverId, watchStatus } from './replayed-sessions.ts';

/** The Sessions tab over a bridge that replays a server of 2,000 sessions, a sample every two seconds. */
const profile = benchProfile('bench', 0);
const sampleEveryMs = 2000;
/** Made beforehand, so that making them is not measured. */
const coming = Array.from({ length: 200 }, (_, sequence) => JSON.stringify(sampleAt(sequence)));
let sequence = 0;

const answers: Record<string, () => unknown> = {
  'sessions.status': () => watchStatus(profile.profileId),
  'sessions.snapshot': () => sampleAt(0),
  'sessions.history': () => ({ serverId, bucketMs: 5000, points: [] }),
  'history.events': () => [],
};

const listeners: { [E in EventName]?: Set<(payload: EngineEvents[E]) => void> } = {};
const bridge: Bridge = {
  shell: 'web',
  async request(route) {
    if (route === 'sessions.watch') return await new Promise<never>(() => {});
    const answer = answers[route];
    if (answer === undefined) return { ok: false, error: notAnswered(route) };
    return { ok: true, data: JSON.parse(JSON.stringify(answer())) };
  },
  cancel: () => {},
  on(event, listener) {
    const known: Set<unknown> = listeners[event] ?? new Set();
    listeners[event] = known as never;
    known.add(listener);
    return () => known.delete(listener);
  },
  onLink: (listener) => {
    listener('connected');
    return () => {};
  },
};
window.poolscope = bridge;

/** As a message of the web shell is taken: parsed on the page's time. */
function hearSample(): void {
  sequence += 1;
  const sample = { ...JSON.parse(coming[sequence] ?? ''), atMs: Date.now() };
  for (const listener of listeners['sessions.sample'] ?? []) listener(sample);
  const point = { ...sample.point, atMs: sample.atMs };
  const heard = { serverId, profileIds: [profile.profileId], point };
  for (const listener of listeners['sessions.point'] ?? []) listener(heard);
}

/** One sample at once; milliseconds from its arrival until what it changed is painted in the first row. */
async function timeSample(): Promise<number> {
  const startedMs = performance.now();
  hearSample();
  const marker = `marker ${sequence}'`;
  const row = () => document.querySelector('[role=grid] [role=row][aria-rowindex="2"]');
  while (!row()?.textContent?.includes(marker)) await new Promise((next) => requestAnimationFrame(next));
  // The frame that holds it is painted when the next task after it runs.
  await new Promise((next) => requestAnimationFrame(next));
  await new Promise((next) => setTimeout(next));
  return performance.now() - startedMs;
}

let timer = setInterval(hearSample, sampleEveryMs);
const stopSamples = () => clearInterval(timer);
const startSamples = () => {
  timer = setInterval(hearSample, sampleEveryMs);
};
Object.assign(window, { timeSample, stopSamples, startSamples });

const root = document.getElementById('root') as HTMLElement;
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
    <QueryClientProvider client={createQueryClient()}>
      <SessionsTab profile={profile} />
    </QueryClientProvider>
  </MantineProvider>,
);

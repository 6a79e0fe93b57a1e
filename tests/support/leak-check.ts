// Makes the standard streams now: Node opens them at the first import of it, whoever's that is.
import 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';

/**
 * Everything that opens also closes: a test file that ends with more sockets, servers, child
 * processes or running timers than it began with fails. Loaded for every file by vitest.config.ts.
 */
const watched = ['TCPSocketWrap', 'TCPServerWrap', 'PipeWrap', 'PipeServerWrap', 'ProcessWrap', 'TLSWrap'];
const graceMs = 3000;

// The test runner's own timers come and go, so timers are watched where the code under test makes them.
type RunningTimer = NodeJS.Timeout & { _destroyed?: boolean };
const timers = new Set<RunningTimer>();

function watch<Make extends typeof setTimeout | typeof setInterval>(make: Make): Make {
  const watching = (...args: Parameters<Make>) => {
    const timer = (make as (...args: unknown[]) => RunningTimer)(...args);
    timers.add(timer);
    return timer;
  };
  return Object.assign(watching, make) as unknown as Make;
}
globalThis.setTimeout = watch(globalThis.setTimeout);
globalThis.setInterval = watch(globalThis.setInterval);

function census(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  for (const timer of timers) if (timer._destroyed || !timer.hasRef()) timers.delete(timer);
  counts.set('running timer', timers.size);
  return counts;
}

function excess(before: Map<string, number>): string[] {
  return [...census()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0);
    return more > 0 ? [`${more} × ${kind}`] : [];
  });
}

let before = new Map<string, number>();

beforeAll(() => {
  before = census();
});

// Registered before the file's own hooks, so it runs after them.
afterAll(async () => {
  const deadline = Date.now() + graceMs;
  while (excess(before).length > 0 && Date.now() < deadline) await sleep(25);
  expect(excess(before), 'left open at the end of this file').toEqual([]);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#engine/base/clock.ts';
import { createEventBus, type EventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { createNames, type NamesDeps } from '#engine/names/index.ts';
import type { SaveRequest } from '#engine/ports.ts';

/** The names room over pools of the test's own, with a data folder that goes at `close`. */
export interface NamesUnderTest {
  handlers: ReturnType<typeof createNames>['handlers'];
  events: EventBus;
  dataFolder: string;
  /** What was to be saved; the test reads the content, or leaves it. */
  saved: SaveRequest[];
  close(): Promise<void>;
}

export async function namesOver(
  poolOf: NamesDeps['poolOf'],
  more: Partial<NamesDeps> = {},
): Promise<NamesUnderTest> {
  const dataFolder = more.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'poolscope-names-')));
  const events = createEventBus((error) => {
    throw error;
  });
  const saved: SaveRequest[] = [];
  const names = createNames({
    poolOf,
    profileOf: () => ({ name: 'Orders', readOnly: false }),
    isKnown: () => true,
    saveFile: async (request) => {
      saved.push(request);
      return { kind: 'download', url: '/download/1', fileName: request.suggestedName };
    },
    events,
    clock: systemClock,
    log: silentLogger(),
    ...more,
    dataFolder,
  });
  return {
    handlers: names.handlers,
    events,
    dataFolder,
    saved,
    async close() {
      names.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

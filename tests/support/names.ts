import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '#engine/base/clock.ts';
import { createEventBus, type EventBus } from '#engine/base/event-bus.ts';
import { silentLogger } from '#engine/base/log.ts';
import { type RowExport, rowStream } from '#engine/exporter/row-export.ts';
import { createNames, type NamesDeps } from '#engine/names/index.ts';
import type { ExportProgress } from '#shared/contract/exporter.ts';

type Saved = Omit<ExportProgress, 'exportId' | 'expectedRows'>;

/** The names room over pools of the test's own, with a data folder that goes at `close`. */
export interface NamesUnderTest {
  handlers: ReturnType<typeof createNames>['handlers'];
  events: EventBus;
  dataFolder: string;
  /** The files that were to be saved, by format, each as the exporter would make it. */
  saved: { name: string; content: AsyncGenerator<Uint8Array>; progress: Saved[]; stop(): void }[];
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
  const saved: NamesUnderTest['saved'] = [];
  const names = createNames({
    poolOf,
    profileOf: () => ({ name: 'Orders', readOnly: false }),
    isKnown: () => true,
    saveRows: async <Row>(rows: RowExport<Row>) => {
      const stopping = new AbortController();
      const progress: Saved[] = [];
      const content = rowStream(rows, stopping.signal, (one) => progress.push(one));
      saved.push({ name: rows.name, content, progress, stop: () => stopping.abort() });
      return { kind: 'download', url: '/download/1', fileName: rows.name };
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

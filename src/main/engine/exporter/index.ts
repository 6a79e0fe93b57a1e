import type { Handlers } from '#shared/contract/define.ts';
import type { ExportProgress, exporterRoutes, SaveOutcome } from '#shared/contract/exporter.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { bundleExtension, type History } from '../history/index.ts';
import type { SaveRequest } from '../ports.ts';
import { exportStream, inspect } from './export-stream.ts';
import type { ExportedProfile, ExportTask } from './export-task.ts';
import { exportFileName } from './file-name.ts';
import { formats } from './formats.ts';
import { type RowExport, rowStream } from './row-export.ts';

export type { Column } from './columns.ts';
export type { RowExport } from './row-export.ts';

interface ExporterDeps {
  history: Pick<History, 'memory' | 'store'>;
  /** Throws `not_found`. */
  profileOf(profileId: string): ProfileDraft;
  saveFile(request: SaveRequest): Promise<SaveOutcome>;
  events: EventBus;
  clock: Clock;
  version: string;
}

interface Selection {
  profileIds: string[];
  fromMs: number;
  toMs: number;
}

interface Asked {
  exportId: string | null;
  callerId: string;
  signal: AbortSignal;
}

const reportFormats = {
  html: { mimeType: 'text/html; charset=utf-8', extension: 'html' },
  markdown: { mimeType: 'text/markdown; charset=utf-8', extension: 'md' },
};
const bundleMimeType = 'application/vnd.poolscope.incident+zip';

/** Turns what was measured into files for other programs, and for Poolscope elsewhere. */
export function createExporter(deps: ExporterDeps): {
  handlers: Handlers<typeof exporterRoutes>;
  /** Saves rows of another room, streamed, with progress and cancel like any other export. */
  saveRows<Row>(rows: RowExport<Row>, asked: Asked): Promise<SaveOutcome>;
  close(): void;
} {
  const { history, profileOf, saveFile, events, clock, version } = deps;
  /** Exports under way, downloads that go on after their request was answered included. */
  const underWay = new Map<string, AbortController>();

  /** What memory holds is taken now: the file does not depend on how long the dialog stays open. */
  async function taskFor(selection: Selection, output: ExportTask['output']): Promise<ExportTask> {
    const { fromMs, toMs } = selection;
    await history.store.opened();
    await history.store.flushed();
    const profiles = [...new Set(selection.profileIds)].map((profileId): ExportedProfile => {
      const splitMs = history.memory.completeFromMs(profileId);
      const runs = toMs > splitMs ? history.memory.packedOf(profileId, Math.max(fromMs, splitMs), toMs) : [];
      return { profileId, name: profileOf(profileId).name, splitMs, runs };
    });
    return { historyFile: history.store.file, profiles, fromMs, toMs, output };
  }

  async function save(
    task: ExportTask,
    mimeType: string,
    extension: string,
    asked: Asked,
  ): Promise<SaveOutcome> {
    const { isEmpty, expectedRows, recorded } = await inspect(task, asked.signal);
    if (isEmpty) {
      const message = 'There is nothing to export: no samples in that range.';
      throw new EngineError('not_found', message, { remedy: remedyOfNothing(task.output) });
    }
    const [first, ...others] = task.profiles;
    const name = others.length === 0 ? (first?.name ?? '') : `${task.profiles.length} connections`;
    const suggestedName = exportFileName(name, task.fromMs, task.toMs, extension);
    const profiles = task.profiles.map((profile, i) => ({ ...profile, recorded: recorded[i] ?? null }));
    return await deliver({ suggestedName, mimeType, expectedRows }, asked, (cancelSignal, tell) =>
      exportStream({ ...task, profiles }, cancelSignal, tell),
    );
  }

  type Tell = (progress: Omit<ExportProgress, 'exportId' | 'expectedRows'>) => void;

  async function deliver(
    file: { suggestedName: string; mimeType: string; expectedRows: number },
    asked: Asked,
    content: (signal: AbortSignal, tell: Tell) => AsyncIterable<Uint8Array>,
  ): Promise<SaveOutcome> {
    const { suggestedName, mimeType, expectedRows } = file;
    const cancelling = new AbortController();
    const { exportId } = asked;
    const signal = AbortSignal.any([asked.signal, cancelling.signal]);
    const tell: Tell = (progress) => {
      if (exportId === null) return;
      if (progress.state !== 'running') underWay.delete(exportId);
      events.emit('exporter.progress', { exportId, expectedRows, ...progress });
    };
    if (exportId !== null) underWay.set(exportId, cancelling);
    let outcome: SaveOutcome | null = null;
    try {
      outcome = await saveFile({
        callerId: asked.callerId,
        suggestedName,
        mimeType,
        content: () => content(cancelling.signal, tell),
        signal,
      });
      return outcome;
    } finally {
      if (outcome?.kind !== 'download' && exportId !== null) underWay.delete(exportId);
    }
  }

  return {
    saveRows(rows, asked) {
      const { mimeType, extension } = formats[rows.format];
      const suggestedName = exportFileName(rows.name, rows.fromMs, clock.nowMs(), extension);
      return deliver(
        { suggestedName, mimeType, expectedRows: rows.expectedRows },
        asked,
        (cancelSignal, tell) => rowStream(rows, cancelSignal, tell),
      );
    },
    close() {
      for (const cancelling of underWay.values()) cancelling.abort();
    },
    handlers: {
      async 'exporter.csv'({ profileId, fromMs, toMs }, { callerId, signal }) {
        const output = { kind: 'table', format: 'csv', resolution: { kind: 'raw' } } as const;
        const task = await taskFor({ profileIds: [profileId], fromMs, toMs }, output);
        return await save(task, formats.csv.mimeType, formats.csv.extension, {
          exportId: null,
          callerId,
          signal,
        });
      },
      async 'exporter.save'({ exportId, format, resolution, ...selection }, { callerId, signal }) {
        const { mimeType, extension } = formats[format];
        const task = await taskFor(selection, { kind: 'table', format, resolution });
        return await save(task, mimeType, extension, { exportId, callerId, signal });
      },
      async 'exporter.bundle'({ exportId, ...selection }, { callerId, signal }) {
        const settings = [...new Set(selection.profileIds)].map((profileId) =>
          settingsOf(profileOf(profileId)),
        );
        const output = { kind: 'bundle', writtenBy: version, writtenAtMs: clock.nowMs(), settings } as const;
        const task = await taskFor(selection, output);
        return await save(task, bundleMimeType, bundleExtension, { exportId, callerId, signal });
      },
      async 'exporter.report'({ fromMs, toMs, format, text }, { callerId, signal }) {
        const { mimeType, extension } = reportFormats[format];
        return await saveFile({
          ...{ callerId, mimeType, signal },
          suggestedName: exportFileName('report', fromMs, toMs, extension),
          async *content() {
            yield text;
          },
        });
      },
      'exporter.cancel': ({ exportId }) => {
        underWay.get(exportId)?.abort();
        underWay.delete(exportId);
        return { exportId };
      },
    },
  };
}

/** Where charts still show minutes, seconds may be kept no longer. */
function remedyOfNothing(output: ExportTask['output']): string {
  const ofSeconds = output.kind === 'bundle' || output.resolution.kind === 'raw';
  return ofSeconds
    ? 'Choose a later range, or connect and wait a moment. Of a time whose seconds are no longer kept, export minutes.'
    : 'Choose a longer range, or connect and wait a moment.';
}

/** By name, so that nothing a profile may hold one day gets into a bundle unasked. */
const bundledSettings = [
  ...(['host', 'port', 'database', 'user', 'tlsMode', 'applicationName', 'min', 'max'] as const),
  ...(['waitTimeoutMs', 'idleTimeoutMs', 'maxLifetimeMs', 'healthIntervalMs', 'healthTimeoutMs'] as const),
];

const settingsOf = (profile: ProfileDraft): Record<string, string> =>
  Object.fromEntries(bundledSettings.map((name) => [name, String(profile[name])]));

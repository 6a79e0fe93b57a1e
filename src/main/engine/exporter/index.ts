import type { Handlers } from '#shared/contract/define.ts';
import type { exporterRoutes, SaveOutcome } from '#shared/contract/exporter.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { EngineError } from '../base/errors.ts';
import type { SaveRequest } from '../ports.ts';
import { csvFileName } from './file-name.ts';
import { samplesCsv } from './samples-csv.ts';

interface ExporterDeps {
  /** Oldest first; those that ended in [fromMs, toMs). */
  samplesOf(profileId: string, fromMs: number, toMs: number): readonly PoolSample[];
  /** Throws `not_found`. */
  profileOf(profileId: string): { name: string };
  saveFile(request: SaveRequest): Promise<SaveOutcome>;
}

/** Turns what was measured into files for other programs. */
export function createExporter(deps: ExporterDeps): { handlers: Handlers<typeof exporterRoutes> } {
  const { samplesOf, profileOf, saveFile } = deps;
  return {
    handlers: {
      async 'exporter.csv'({ profileId, fromMs, toMs }, { callerId, signal }) {
        const { name } = profileOf(profileId);
        // Taken now: what the file holds does not depend on how long the dialog stays open.
        const samples = samplesOf(profileId, fromMs, toMs);
        if (samples.length === 0) {
          const remedy = 'Choose a longer range, or connect and wait a moment.';
          throw new EngineError('not_found', 'There is nothing to export: no samples in that range.', {
            remedy,
          });
        }
        return await saveFile({
          callerId,
          suggestedName: csvFileName(name, fromMs, toMs),
          mimeType: 'text/csv; charset=utf-8',
          content: () => samplesCsv(name, samples),
          signal,
        });
      },
    },
  };
}

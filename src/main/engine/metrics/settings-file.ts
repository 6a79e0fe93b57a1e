import * as z from 'zod/mini';
import {
  endpointDefaults,
  endpointSettingsSchema,
  pushDefaults,
  pushSettingsSchema,
} from '#shared/model/metrics-settings.ts';
import { type FileDeps, type JsonFile, jsonFile } from '../base/json-file.ts';

const schema = z.object({ endpoint: endpointSettingsSchema, push: pushSettingsSchema });

export type MetricsSettings = z.output<typeof schema>;

/** `metrics.json` of the data folder: the endpoint and the collector, without its secret. */
export const settingsFile = (deps: FileDeps): JsonFile<MetricsSettings> =>
  jsonFile(deps, {
    ...{ fileName: 'metrics.json', what: 'The choice of metrics endpoint and collector', schema },
    empty: { endpoint: endpointDefaults, push: pushDefaults },
  });

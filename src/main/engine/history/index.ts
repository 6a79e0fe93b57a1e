export {
  type BundleManifest,
  bundledEvent,
  bundledLine,
  bundleExtension,
  bundleFormat,
  bundleLimits,
  bundleVersion,
  eventsEntry,
  manifestEntry,
  samplesEntry,
} from './bundle/manifest.ts';
export { type ExportReader, openExportReader, unpackRuns } from './database/export-reader.ts';
export { createHistory, type History } from './history.ts';
export { createMemoryHistory } from './memory-history.ts';

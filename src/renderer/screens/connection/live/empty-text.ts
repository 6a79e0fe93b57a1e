import type { Range } from '../../../ranges/range.ts';

interface Shown {
  range: Range;
  loading: boolean;
  paused: boolean;
  /** The engine is gone. */
  unreachable: boolean;
  /** History could not be read. */
  failed: boolean;
}

/** What stands in a chart that has nothing to draw. */
export function emptyText({ range, loading, paused, unreachable, failed }: Shown): string {
  if (unreachable) return 'Poolscope cannot be reached';
  if (loading) return 'Reading the samples…';
  if (range.kind === 'fixed') return failed ? 'Not read' : 'Nothing was recorded in this range';
  return paused ? 'No samples of this time are kept' : 'No samples yet';
}

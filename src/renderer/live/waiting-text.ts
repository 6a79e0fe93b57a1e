import { formatCount } from '../charts/formats.ts';
import type { LatestSample } from './latest-samples-store.ts';

/** Requests waiting: "4", or "peak 17" when there were more within the last ten seconds. */
export function waitingText({ pending, recentPeak }: LatestSample): string {
  return recentPeak.pending > pending ? `peak ${formatCount(recentPeak.pending)}` : formatCount(pending);
}

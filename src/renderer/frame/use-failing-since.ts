import { useState } from 'react';
import type { PoolStatus } from '#shared/contract/pools.ts';
import { engineNowMs } from '../data/engine-clock.ts';
import { type FailingSince, failingSince } from './failing-since.ts';

const none: FailingSince = new Map();

/** Since when each failing pool fails; watches from the first list of pools on. */
export function useFailingSince(pools: readonly PoolStatus[] | undefined): FailingSince {
  const [since, setSince] = useState<FailingSince | null>(null);
  if (pools === undefined) return since ?? none;
  const next = failingSince(since, pools, engineNowMs());
  if (next !== since) setSince(next);
  return next;
}

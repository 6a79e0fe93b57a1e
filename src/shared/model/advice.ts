import * as z from 'zod/mini';
import type { QueuePrediction } from './sizing/queue.ts';

/**
 * What a pool suffers from, or not. The first that holds, in this order: no size cures a holder, and
 * what a leak or a slow server does to the figures must not be sized for.
 */
export type Verdict =
  | 'idleInTransaction'
  | 'blocked'
  | 'leak'
  | 'tooLittleData'
  | 'slowServer'
  | 'tooSmall'
  | 'tooLarge'
  | 'rightSized';

export const verdictWords: Record<Verdict, string> = {
  idleInTransaction: 'Idle in transaction',
  blocked: 'Blocked',
  leak: 'Leak',
  tooLittleData: 'Too little data',
  slowServer: 'Slow server',
  tooSmall: 'Too small',
  tooLarge: 'Too large',
  rightSized: 'Right-sized',
};

const whole = (label: string, minimum: number, maximum: number) => {
  const error = `${label} must be a whole number from ${minimum} to ${maximum.toLocaleString('en-US')}.`;
  return z.int({ error }).check(z.gte(minimum, { error }), z.lte(maximum, { error }));
};

/** What only the user knows; remembered for each profile. */
export const adviceInputsSchema = z.object({
  /** 95 of 100 requests should wait no longer than this. */
  targetWaitMs: whole('Target wait (ms)', 1, 60_000),
  /** Processes of the application, each with a pool like this one. */
  instances: whole('Application instances', 1, 10_000),
  /** Cm: connections that one task holds at the same time. */
  connectionsPerTask: whole('Connections per task', 1, 100),
  /** Processor cores of the server; null: this machine's when the server is on it, else unknown. */
  serverCores: z.nullable(whole('Cores of the server', 1, 4096)),
});
export type AdviceInputs = z.output<typeof adviceInputsSchema>;

export const adviceInputDefaults: AdviceInputs = {
  targetWaitMs: 20,
  instances: 1,
  connectionsPerTask: 1,
  serverCores: null,
};

/** Whoever holds connections of the pool up. */
export interface Holder {
  /** Null for a prepared transaction, which has no session. */
  pid: number | null;
  /** Of a prepared transaction; null also where it could not be told which. */
  gid: string | null;
  application: string | null;
  user: string | null;
  /** Doing what, in words: "idle in transaction", "running a statement". */
  doing: string;
  /** How long it has been doing that; null where it cannot be seen. */
  forMs: number | null;
  /** Sessions of this pool that wait for it. */
  holdsUp: number;
  /** It is a connection of this very pool. */
  isOwn: boolean;
  /** The beginning of its last statement; null where it cannot be seen. */
  query: string | null;
}

/** What was asked of the pool in the busy minute: the one that 95 of 100 minutes stay below. */
export interface Demand {
  minuteStartMs: number;
  /** `callers`: the queue never emptied, so only how many asked at once is known. */
  kind: 'open' | 'callers';
  arrivalsPerS: number;
  holdMs: number;
  /** Connections busy at once if none ever waited, λ·S; for `callers` how many asked at once. */
  load: number;
  holdCs2: number;
  /** Null where single seconds are not kept: 1 is taken then. */
  arrivalCs2: number | null;
}

/** One figure of the evidence, and where it comes from. */
export interface AdviceFigure {
  label: string;
  value: number | null;
  unit: 'count' | 'ms' | 'perSecond' | 'share' | 'ratio';
  source: string;
}

export interface Bound {
  /** What limits the pool; `unknown`: how much room the server has could not be found out. */
  kind: 'server' | 'role' | 'database' | 'unknown';
  /** The largest maximum that leaves the server its reserve with all instances full; null when unknown. */
  cap: number | null;
  /** It is less than what the load asks for. */
  binds: boolean;
  sentence: string;
}

export interface Confidence {
  level: 'high' | 'medium' | 'low';
  reasons: string[];
}

export interface Advice {
  profileId: string;
  fromMs: number;
  toMs: number;
  verdict: Verdict;
  /** The verdict in one sentence. */
  headline: string;
  /** Why, and what to do, in sentences. */
  reasons: string[];
  steps: string[];
  holders: Holder[];
  /** For `tooLittleData`: what is missing, in sentences. */
  missing: string[];
  settings: { min: number; max: number };
  /** Null while there is too little data. */
  demand: Demand | null;
  /** What the load asks for, whatever the server has room for. Null when no size of up to 1000 does. */
  needed: number | null;
  /** What to set. Null where a size is not the remedy, or nothing safe can be said. */
  recommended: { min: number; max: number } | null;
  bound: Bound;
  /** Sizes around the present and the recommended one, smallest first. */
  predictions: QueuePrediction[];
  /** Of the busy minute, at the size it had. */
  measuredWait: { size: number; meanMs: number; p95Ms: number } | null;
  confidence: Confidence | null;
  figures: AdviceFigure[];
  inputs: AdviceInputs;
  /** Null where they are not known. */
  cores: { count: number; source: 'input' | 'machine' } | null;
  /** Sessions of other roles are hidden: `GRANT …` that shows them. Null when all is seen, or nothing was asked. */
  sightGrant: string | null;
}

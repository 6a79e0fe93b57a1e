import * as z from 'zod/mini';
import { type ConsoleTable, consoleTableSchema } from '../model/console-table.ts';
import type { PoolerProduct, PoolerSetting, PoolerTick } from '../model/pooler.ts';
import { type PoolerCommandKind, poolerCommandSchema } from '../model/pooler-command.ts';
import type { PoolerPoint } from '../model/pooler-point.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';

/** What the login may do. `unknown`: the console does not tell; commands are tried and refusals told. */
export type ConsoleRights = 'admin' | 'stats' | 'unknown';

/**
 * Something Poolscope stopped on a pooler and owes a RESUME for. A KILL leaves its database paused
 * and is one as well.
 *
 * `pausing`: PAUSE was sent and waits for transactions to end; new clients hang already.
 * `paused`: done. `resuming`: RESUME is on its way, or tried again until the console answers;
 * `lastError` says what is in the way.
 */
export interface PauseHold {
  /** Null for the whole pooler. */
  database: string | null;
  by: 'pause' | 'kill';
  state: 'pausing' | 'paused' | 'resuming';
  sinceMs: number;
  /** When a PAUSE that has not finished is taken back; null once it has finished. */
  takenBackAtMs: number | null;
  autoResume: boolean;
  lastError: ErrorPayload | null;
}

/** An open console. Its pool status (`pools.changed`) has `target: 'console'` and its health. */
export interface PoolerStatus {
  profileId: string;
  product: PoolerProduct;
  /** "1.25.2"; the console's own words where they hold no number. */
  version: string;
  rights: ConsoleRights;
  /** Who is logged in, for sentences about rights. */
  user: string;
  /** Commands this pooler's version has. Rights and `readOnly` are told by `pgbouncer.explain`. */
  commands: PoolerCommandKind[];
  /**
   * The whole pooler, from SHOW STATE (1.19 and later), else from what Poolscope did: null when it
   * cannot be known. A PAUSE that somebody else gave an older PgBouncer does not show anywhere.
   */
  state: 'active' | 'paused' | 'suspended' | null;
  /** What Poolscope paused and has not resumed. Show these on top of every screen of the pooler. */
  holds: PauseHold[];
  /** Whether the last sample was answered. While not, `error` says why, and it is tried again. */
  connected: boolean;
  error: ErrorPayload | null;
  /** Tables this pooler refused as unknown ("SHOW STATE" before 1.19), found out as they are asked for. */
  missingTables: string[];
}

export interface PoolerOverview {
  status: PoolerStatus;
  /** The last sample; null before the first. */
  tick: PoolerTick | null;
}

/** What a command will do, before it is given. */
export interface CommandPlan {
  /** Exactly what will be sent: `PAUSE "my-db"`. */
  text: string;
  /** Short imperative for a button: "Pause my-db". */
  title: string;
  /** What it will do and to how many, sentence by sentence, with the figures of this moment. */
  effects: string[];
  /** How it is undone; null when it cannot be. */
  undo: string | null;
  /**
   * `none`: nobody notices. `waits`: clients wait or reconnect, nothing is lost. `breaks`: connections
   * are cut or refused; ask for a confirmation.
   */
  impact: 'none' | 'waits' | 'breaks';
  /** Why it would be refused now (`read_only`, `permission_denied`, `not_supported`, `not_found`); null when it may run. */
  refusal: ErrorPayload | null;
}

export interface CommandResult {
  text: string;
  /** What happened, one sentence. */
  outcome: string;
  tookMs: number;
}

/** A range of `pgbouncer.history`. */
export interface PoolerHistory {
  bucketMs: number;
  /** Oldest first, at most one per bucket, merged; none where nothing was sampled, or that pool was not kept. */
  points: PoolerPoint[];
  /** The newest live sample in it; 0 when there is none. */
  lastAtMs: number;
}

/** Upper bound on the points of one answer of `pgbouncer.history`. */
export const maxPoolerPoints = 2000;

const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));
const name = z.string().check(z.maxLength(1000));
const byId = z.object({ profileId: profileIdSchema });
const command = z.object({ profileId: profileIdSchema, command: poolerCommandSchema });

/**
 * Routes of consoles. A profile is known for a console by `pools.list`: `target: 'console'`. It is
 * opened and closed like any (`pools.open`, `pools.close`). Errors of all but `list`: `pool_closed`
 * while it is not open; `not_supported` when it is a database, with the way to the console as remedy.
 */
export const pgbouncerRoutes = {
  /** Every open console. */
  'pgbouncer.list': route<PoolerStatus[]>()(z.object({})),
  /**
   * Where the pooler stands. Asking also says that somebody watches: the console is sampled once a
   * second for the next ten seconds, and otherwise once per health interval. So a screen asks every
   * five seconds while it is visible, and hears `pgbouncer.tick` for the rest.
   */
  'pgbouncer.overview': route<PoolerOverview>()(byId),
  /**
   * Charts of the past, over restarts, of one pool or of all: the last 15 minutes as sampled, older by
   * the minute. Answers for a closed console as well. Fold in each `pgbouncer.tick` after `lastAtMs`
   * (`pointOf`, `mergePoints`).
   */
  'pgbouncer.history': route<PoolerHistory>()(
    z
      .object({
        profileId: profileIdSchema,
        scope: z.object({ database: z.nullable(name), user: z.nullable(name) }),
        fromMs: timeMs,
        toMs: timeMs,
        bucketMs: z.int().check(z.gte(1000)),
      })
      .check(
        z.refine((range) => range.fromMs < range.toMs, {
          path: ['toMs'],
          error: 'The range must end after it starts.',
        }),
        z.refine((range) => (range.toMs - range.fromMs) / range.bucketMs <= maxPoolerPoints, {
          path: ['bucketMs'],
          error: `The range holds more than ${maxPoolerPoints} points; choose a wider bucket.`,
        }),
      ),
  ),
  /**
   * One SHOW, whole: every row, every column the console has, known or not. Asked anew unless the
   * last answer is younger than `maxAgeMs` (default 900); callers at the same time share one. Error
   * `not_supported` when this pooler has no such table. Columns are read with `cellOf`, `columnOf`
   * and `rowsOf` of `model/console-table.ts`.
   */
  'pgbouncer.table': route<ConsoleTable>()(
    z.object({
      profileId: profileIdSchema,
      table: consoleTableSchema,
      maxAgeMs: z._default(z.int().check(z.gte(0), z.lte(60_000)), 900),
    }),
  ),
  /** SHOW CONFIG, typed, by key. */
  'pgbouncer.settings': route<PoolerSetting[]>()(byId),
  /** What a command will do, and whether it may. Changes nothing. */
  'pgbouncer.explain': route<CommandPlan>()(command),
  /**
   * Gives the command; recorded in the history as `poolerCommand`. Errors beside those that `explain`
   * tells as refusal: `query_timeout` for a PAUSE that did not finish in time and was taken back;
   * `database_error` in the pooler's own words. `pgbouncer.changed` tells of holds as they change;
   * PAUSE answers when it has finished, and cancelling its request takes it back.
   */
  'pgbouncer.run': route<CommandResult>()(command, {
    afterCancel: 'A PAUSE is being taken back; any other command may have taken effect.',
  }),
  /** Changes whether a hold ends by itself. Error `not_found` when there is no such hold. */
  'pgbouncer.keepHold': route<PoolerStatus>()(
    z.object({ profileId: profileIdSchema, database: z.nullable(z.string()), autoResume: z.boolean() }),
  ),
};

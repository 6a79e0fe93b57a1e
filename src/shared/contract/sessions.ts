import * as z from 'zod/mini';
import { profileIdSchema } from '../model/profile.ts';
import type { Blocking } from '../model/sessions/blocking.ts';
import { sessionFilterSchema } from '../model/sessions/filter.ts';
import type { PackedSessions } from '../model/sessions/packed-sessions.ts';
import type { SessionsPoint } from '../model/sessions/point.ts';
import type { ConnectionLimits, DatabaseRates, ServerFacts, Sight } from '../model/sessions/server.ts';
import type { Session, SessionRef } from '../model/sessions/session.ts';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';

/**
 * `off`: nobody asked (no one looks, and background sampling is off or the pool is closed).
 * `connecting`: the first connection is being opened. `watching`: samples come. `waiting`: the
 * server cannot be sampled now (`error` says why); what was known stays, and `nextTryAtMs` says when
 * it is tried again. `unsupported`: that address is no PostgreSQL server of version 12 or later, and
 * it is not tried again until the profile changes.
 */
export type WatchState = 'off' | 'connecting' | 'watching' | 'waiting' | 'unsupported';

/**
 * The one watcher of a server. Profiles that point to the same host and port share it, and its one
 * connection (application name "Poolscope monitor").
 */
export interface WatchStatus {
  /** Names the server: "host:port", and "host:port/database" behind a pooler, which may hide several. */
  serverId: string;
  /** Every profile that shares this watcher. */
  profileIds: string[];
  /** Through whose credentials it sees; null while `off`. */
  viaProfileId: string | null;
  state: WatchState;
  /** `live` while someone looks. Null while `off`. */
  pace: 'live' | 'background' | null;
  /** Milliseconds between samples now: longer than the setting when a sample takes its time. */
  intervalMs: number | null;
  /** Why it waits or is unsupported; null while all is well. `too_many_connections`: the server refuses. */
  error: ErrorPayload | null;
  nextTryAtMs: number | null;
  /** Poolscope's clock; what is on screen is as old as this. Null before the first sample. */
  lastSampleAtMs: number | null;
  /** Kept from the last connection while it waits. */
  server: ServerFacts | null;
  sight: Sight | null;
}

/**
 * One sample of a server. `changed` and `gone` turn the sample numbered `basedOn` into this one
 * (`nextSessionList` does that); the rest is whole each time.
 */
export interface SessionsSample {
  serverId: string;
  /** Grows by one with each sample of a watcher. */
  sequence: number;
  /** Null when `changed` holds every session. */
  basedOn: number | null;
  /** Poolscope's clock. */
  atMs: number;
  /** The server's clock at that moment; ages of sessions count to this. */
  serverNowMs: number;
  /** Sessions of every kind but the watcher's own. */
  changed: PackedSessions;
  /** Keys (`sessionKey`) of sessions that ended. */
  gone: string[];
  /** Null where the role cannot see them. */
  limits: ConnectionLimits;
  blocking: Blocking;
  databases: DatabaseRates[];
  point: SessionsPoint;
  /** True length of the interval that the rates are computed by; null for the first sample. */
  intervalMs: number | null;
  /** What the sample cost: requests sent to the server, and milliseconds until the last answer. */
  roundTrips: number;
  tookMs: number;
}

/** One stretch of `sessions.history`: the moment within it that had the most client sessions. */
export interface SessionsHistory {
  serverId: string;
  bucketMs: number;
  /** Oldest first, at most one per bucket, each at its true moment; no point where nothing was sampled. */
  points: SessionsPoint[];
}

export interface SessionsSettings {
  /** Milliseconds between samples while someone looks. */
  liveIntervalMs: number;
  /** Whether servers of open pools are sampled while no one looks: charts and alerts need it. */
  background: boolean;
  /** Milliseconds between those samples. */
  backgroundIntervalMs: number;
}

export const sessionsSettingsSchema = z.object({
  liveIntervalMs: z.int().check(z.gte(1000), z.lte(60_000)),
  background: z.boolean(),
  backgroundIntervalMs: z.int().check(z.gte(5000), z.lte(600_000)),
});

export const sessionsDefaults: SessionsSettings = {
  liveIntervalMs: 2000,
  background: true,
  backgroundIntervalMs: 15_000,
};

export type SessionAction = 'cancel' | 'terminate';

/** What an action would do, found out just now. Good for two minutes; names exactly these sessions. */
export interface ActionPreview {
  /** Hand this to `sessions.act`. */
  previewId: string;
  action: SessionAction;
  /** Those it would touch, longest in their state first. */
  sessions: Session[];
  /** The server's clock, for their ages. */
  serverNowMs: number;
  /** What the user must type, as in "terminate 14"; null for one session, which needs none. */
  confirmation: string | null;
  /** One sentence: what will be done to whom. */
  summary: string;
  /** Sentences worth reading before: open transactions roll back, a role is not permitted, and so on. */
  warnings: string[];
}

/**
 * `done`: cancelled (the request reached it) or terminated (it is gone). `signalled`: told to end,
 * and still there two seconds later. `ended`: it had ended before the click; a session that got its
 * pid since was not touched. `changed`: it no longer matched the filter, or (one session) went on to
 * another statement or application, and was not touched.
 * `refused`: the server did not permit it, or it could not be reached; `error` says why.
 */
export type ActionOutcome = 'done' | 'signalled' | 'ended' | 'changed' | 'refused';

export interface ActionResult {
  session: SessionRef;
  outcome: ActionOutcome;
  /** For `refused`: with the GRANT that mends it as remedy, where one does. */
  error: ErrorPayload | null;
}

export interface ActionReport {
  action: SessionAction;
  results: ActionResult[];
  /** One sentence over all of it, the same as in the event log. */
  summary: string;
}

const byProfile = z.object({ profileId: profileIdSchema });
const timeMs = z.int().check(z.gte(0), z.lte(8.64e15));
export const sessionRefSchema = z.object({
  pid: z.int().check(z.gte(1), z.lte(2_147_483_647)),
  backendStartUs: z.int().check(z.gte(0)),
});

/** How far a long action has come; at most five times a second. */
export interface ActionProgress {
  previewId: string;
  done: number;
  total: number;
}

/** Upper bound on the points of one answer of `sessions.history`. */
export const maxSessionPoints = 2000;

export const sessionsRoutes = {
  /**
   * Held open while someone looks: keeps the server sampled at the live pace, with `sessions.sample`
   * events, until cancelled or the window goes. Cancel it when the tab or the window is hidden.
   * Answers by itself only when the profile is deleted or Poolscope quits. Should the profile come to
   * point elsewhere, `sessions.status` tells the new `serverId`, and the watch goes on there.
   */
  'sessions.watch': route<{ serverId: string }>()(byProfile),
  'sessions.status': route<WatchStatus>()(byProfile),
  /** The last sample, whole (`basedOn` null), of whatever age; null before the first. */
  'sessions.snapshot': route<SessionsSample | null>()(byProfile),
  /** Samples now, ahead of the schedule; answers with the status reached. Also ends a wait. */
  'sessions.refresh': route<WatchStatus>()(byProfile),
  /** Charts of the past, over restarts; live points come as `sessions.point`. */
  'sessions.history': route<SessionsHistory>()(
    z
      .object({
        profileId: profileIdSchema,
        fromMs: timeMs,
        toMs: timeMs,
        bucketMs: z.int().check(z.gte(1000)),
      })
      .check(
        z.refine((range) => range.fromMs < range.toMs, {
          path: ['toMs'],
          error: 'The range must end after it starts.',
        }),
        z.refine((range) => (range.toMs - range.fromMs) / range.bucketMs <= maxSessionPoints, {
          path: ['bucketMs'],
          error: `The range holds more than ${maxSessionPoints} points; choose a wider bucket.`,
        }),
      ),
  ),
  /**
   * The whole text of a session's last statement, as far as the server keeps it
   * (`track_activity_query_size`; `mayBeCut` when it fills that). `not_found` when the session has
   * ended, `permission_denied` when the role may not see it.
   */
  'sessions.queryText': route<{ query: string; mayBeCut: boolean }>()(
    z.object({ profileId: profileIdSchema, session: sessionRefSchema }),
  ),
  /** What an action would touch, now. `read_only` for a read-only profile. Never names Poolscope's own monitor. */
  'sessions.previewAction': route<ActionPreview>()(
    z.object({
      profileId: profileIdSchema,
      action: z.enum(['cancel', 'terminate']),
      target: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('session'), session: sessionRefSchema }),
        z.object({ kind: z.literal('group'), filter: sessionFilterSchema }),
      ]),
    }),
  ),
  /**
   * Does what was previewed, to those sessions alone, each checked again at the moment it is done.
   * `bad_input` when the typed confirmation is wrong, `not_found` when the preview is too old.
   */
  'sessions.act': route<ActionReport>()(
    z.object({
      profileId: profileIdSchema,
      previewId: z.string().check(z.maxLength(64)),
      confirmation: z.nullable(z.string().check(z.maxLength(100))),
    }),
    { afterCancel: 'Some sessions may have been told to end all the same.' },
  ),
  'sessions.settings': route<SessionsSettings>()(z.object({})),
  /** Takes effect at once. */
  'sessions.setSettings': route<SessionsSettings>()(sessionsSettingsSchema),
};

import * as z from 'zod/mini';
import { type PoolEvent, poolEventKinds } from '../model/pool-event.ts';
import { wholeNumber } from '../model/profile/checks.ts';
import { poolFields } from '../model/profile/pool.ts';
import { profileIdSchema } from '../model/profile.ts';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';
import { exportFormats, type SaveOutcome } from './exporter.ts';
import type { ProfileView } from './profiles.ts';

const byId = z.object({ profileId: profileIdSchema });

/** The settings that change while a pool runs, without reopening it. */
export const liveSettingsSchema = z
  .object({
    min: poolFields.min,
    max: poolFields.max,
    overflow: wholeNumber('Overflow', 0, 1000),
    waitTimeoutMs: poolFields.waitTimeoutMs,
    idleTimeoutMs: poolFields.idleTimeoutMs,
    maxLifetimeMs: poolFields.maxLifetimeMs,
  })
  .check(
    z.refine(({ min, max }) => max >= min, {
      path: ['max'],
      error: 'Maximum size must be at least the minimum size.',
    }),
  );
export type LiveSettings = z.output<typeof liveSettingsSchema>;

/** What came of checking every connection at rest. */
export interface IdleCheckResult {
  checked: number;
  /** Found dead, closed; the minimum opens anew. */
  closed: number;
  /** Taken by someone before their turn, and thereby left alone. */
  skipped: number;
}

/** A circuit breaker stands between the pool and a server that keeps failing. */
export interface BreakerStatus {
  state: 'off' | 'closed' | 'open' | 'half-open';
  failures: number;
  /** Why it opened; null while closed. */
  error: ErrorPayload | null;
  openedAtMs: number | null;
  /** When the next attempt is let through; null unless open. */
  nextAttemptAtMs: number | null;
}

/** What encrypts a pool's newest connection. */
export interface TlsStatus {
  /** "TLSv1.3"; null when the connection is in the clear. */
  protocol: string | null;
  cipher: string | null;
  /** Of the server's certificate. */
  certificateSubject: string | null;
  certificateIssuer: string | null;
  certificateExpiresAtMs: number | null;
  /** Which of several hosts answered. */
  host: string;
  port: number;
}

/** A connection that is handed out. */
export interface HeldConnection {
  connectionId: number;
  processId: number | null;
  holder: string;
  heldForMs: number;
  /** Whether it is held for longer than the profile's threshold. */
  suspected: boolean;
  inTransaction: boolean;
}

/** What the live control shows of a pool, asked for once a second at most. */
export interface PoolDetails {
  profileId: string;
  settings: LiveSettings;
  breaker: BreakerStatus;
  tls: TlsStatus | null;
  held: HeldConnection[];
  /** Since the pool opened. */
  totals: {
    opened: number;
    closed: number;
    retries: number;
    releasedInTransaction: number;
    checksFailed: number;
    leaksSuspected: number;
  };
}

export const poolControlRoutes = {
  /** @throws pool_closed */
  'pools.details': route<PoolDetails>()(byId),
  /**
   * Changes the running pool and saves the profile. Growth serves those who wait at once; shrinking
   * closes connections at rest now and those in use when they come back.
   */
  'pools.resize': route<ProfileView>()(
    z.object({ profileId: profileIdSchema, settings: liveSettingsSchema }),
  ),
  /** Closes connections at rest now and those in use when they come back; the minimum opens anew. */
  'pools.recycle': route<{ closedNow: number; onReturn: number }>()(byId),
  'pools.checkIdle': route<IdleCheckResult>()(byId),
  /** Takes no new requests, waits for those in use up to the deadline, then closes what is left. */
  'pools.drain': route<{ cut: number }>()(
    z.object({ profileId: profileIdSchema, deadlineMs: z.int().check(z.gte(0), z.lte(600_000)) }),
  ),
  /** Newest first, at most `limit`; `beforeSequence` pages on. The log holds the last 5,000 of a pool, open or closed. */
  'pools.events': route<{ events: PoolEvent[]; dropped: number }>()(
    z.object({
      profileId: profileIdSchema,
      kinds: z._default(z.array(z.enum(poolEventKinds)), []),
      text: z._default(z.string().check(z.maxLength(200)), ''),
      beforeSequence: z._default(z.nullable(z.int()), null),
      limit: z._default(z.int().check(z.gte(1), z.lte(1000)), 200),
    }),
  ),
  'pools.saveEvents': route<SaveOutcome>()(
    z.object({ profileId: profileIdSchema, format: z.enum(exportFormats) }),
  ),
};

import * as z from 'zod/mini';

/** TLS as libpq names it. `prefer` asks the server first and goes on without when it declines. */
export const tlsModes = ['disable', 'prefer', 'require', 'verify-full'] as const;
export type TlsMode = (typeof tlsModes)[number];

export const profileIdSchema = z.string().check(z.minLength(1), z.maxLength(64));

/** "600,000": long figures in sentences stand as they do in the forms. */
const grouped = (value: number) => value.toLocaleString('en-US');

const text = (label: string, maximum: number) =>
  z.string({ error: `${label} must be text.` }).check(
    z.trim(),
    z.minLength(1, { error: `${label} must not be empty.` }),
    z.maxLength(maximum, { error: `${label} can be at most ${grouped(maximum)} characters long.` }),
    z.refine((value) => !value.includes('\u0000'), { error: `${label} cannot hold the character U+0000.` }),
  );

const wholeNumber = (label: string, minimum: number, maximum: number, written = grouped) => {
  const error = `${label} must be a whole number from ${written(minimum)} to ${written(maximum)}.`;
  return z.int({ error }).check(z.gte(minimum, { error }), z.lte(maximum, { error }));
};

function hasBothSizes(draft: unknown): boolean {
  if (typeof draft !== 'object' || draft === null) return false;
  const { min, max } = draft as { min?: unknown; max?: unknown };
  return Number.isInteger(min) && Number.isInteger(max);
}

/** Absent from files written before the switch existed; off then. */
const offByDefault = (label: string) =>
  z._default(z.boolean({ error: `${label} must be on or off.` }), false);

const dayMs = 24 * 60 * 60 * 1000;

/**
 * What a user says about one connection: where it goes and how its pool behaves. Durations are
 * milliseconds. The password is never part of it; it lives in the vault.
 */
export const profileDraftSchema = z
  .object({
    name: text('Name', 80),
    /** DNS name, IP address, or the folder of a Unix socket when it starts with "/". */
    host: text('Host', 255).check(
      z.refine((host) => !/[\s@,]/.test(host), {
        error: 'Host must be one name or address, without spaces, commas or "@".',
      }),
    ),
    port: wholeNumber('Port', 1, 65_535, String),
    database: text('Database', 63),
    user: text('User', 63),
    tlsMode: z.enum(tlsModes, { error: `TLS must be one of ${tlsModes.join(', ')}.` }),
    /** Shown in pg_stat_activity, so that the server's own tools can tell whose sessions these are. */
    applicationName: text('Application name', 63),
    /** Connections opened at start and kept. */
    min: wholeNumber('Minimum size', 0, 1000),
    /** Never more connections than this. */
    max: wholeNumber('Maximum size', 1, 1000),
    /** Longest a request waits for a connection, opening a new one included. */
    waitTimeoutMs: wholeNumber('Wait timeout (ms)', 100, 600_000),
    /** An idle connection above the minimum is closed after this; 0 keeps it. */
    idleTimeoutMs: wholeNumber('Idle timeout (ms)', 0, dayMs),
    /** A connection older than this is closed when it comes back; 0 means no limit. */
    maxLifetimeMs: wholeNumber('Maximum lifetime (ms)', 0, 7 * dayMs),
    healthIntervalMs: wholeNumber('Health check interval (ms)', 1000, 3_600_000),
    healthTimeoutMs: wholeNumber('Health check timeout (ms)', 100, 60_000),
    /** Nothing is changed on this server through Poolscope: no row, no session, no pooler. */
    readOnly: offByDefault('Read-only'),
    /** Statements typed into the Query tab may write. Means nothing while `readOnly` is on. */
    queryWrites: offByDefault('Queries may write'),
  })
  .check(
    z.refine((draft) => draft.max >= draft.min, {
      path: ['max'],
      error: 'Maximum size must be at least the minimum size.',
      // Said together with what is wrong elsewhere, as soon as there are two numbers to compare.
      when: ({ value }) => hasBothSizes(value),
    }),
  );

export type ProfileDraft = z.output<typeof profileDraftSchema>;

export const profileDefaults: ProfileDraft = {
  name: '',
  host: 'localhost',
  port: 5432,
  database: 'postgres',
  user: 'postgres',
  tlsMode: 'prefer',
  applicationName: 'Poolscope',
  min: 0,
  max: 10,
  waitTimeoutMs: 30_000,
  idleTimeoutMs: 300_000,
  maxLifetimeMs: 0,
  healthIntervalMs: 5000,
  healthTimeoutMs: 3000,
  readOnly: false,
  queryWrites: false,
};

/** What to do with the stored password. Empty passwords are not stored: they mean `clear`. */
export const passwordChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  z.object({ kind: z.literal('clear') }),
  z.object({
    kind: z.literal('set'),
    value: z.string().check(
      z.minLength(1, { error: 'Password must not be empty.' }),
      z.maxLength(1024, { error: 'Password can be at most 1,024 characters long.' }),
      z.refine((value) => !value.includes('\u0000'), { error: 'Password cannot hold the character U+0000.' }),
    ),
  }),
]);

export type PasswordChange = z.output<typeof passwordChangeSchema>;

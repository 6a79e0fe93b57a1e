import * as z from 'zod/mini';

/** A name or value a console command can carry: its parser takes arguments of less than 64 bytes. */
const argument = (label: string, minimum: number) =>
  z.string({ error: `${label} must be text.` }).check(
    z.minLength(minimum, { error: `${label} must not be empty.` }),
    z.refine((value) => !value.includes('\u0000'), { error: `${label} cannot hold the character U+0000.` }),
    z.refine((value) => new TextEncoder().encode(value).length < 64, {
      error: `${label} can be at most 63 bytes long: the console's commands take no more.`,
    }),
  );

const database = argument('Database', 1);
const everyOrOne = z.nullable(database);

/** How long PAUSE may wait for transactions to end before it is taken back. */
export const defaultPauseTimeoutMs = 10_000;

/** What a pooler can be told to do. `database: null` is the whole pooler, where the command allows that. */
export const poolerCommandSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('pause'),
    database: everyOrOne,
    /** When PAUSE has not finished by then, RESUME takes it back. */
    timeoutMs: z._default(z.int().check(z.gte(500), z.lte(600_000)), defaultPauseTimeoutMs),
    /** RESUME by itself when Poolscope loses the console, closes it, or quits. On, unless the user says otherwise. */
    autoResume: z._default(z.boolean(), true),
  }),
  z.object({ kind: z.literal('resume'), database: everyOrOne }),
  z.object({ kind: z.literal('reconnect'), database: everyOrOne }),
  /** Drops every client and server connection of a database, and leaves it paused: a hold, as PAUSE is. */
  z.object({ kind: z.literal('kill'), database, autoResume: z._default(z.boolean(), true) }),
  /** `clientId` is the `id` of SHOW CLIENTS, which PgBouncer has since 1.24. */
  z.object({ kind: z.literal('killClient'), clientId: z.int().check(z.gte(0)) }),
  z.object({ kind: z.literal('disable'), database }),
  z.object({ kind: z.literal('enable'), database }),
  z.object({ kind: z.literal('reload') }),
  z.object({
    kind: z.literal('set'),
    key: argument('Setting', 1).check(
      z.refine((key) => /^[a-z_]+$/.test(key), { error: 'A setting is named in small letters and "_".' }),
    ),
    value: argument('Value', 0),
  }),
]);

export type PoolerCommand = z.output<typeof poolerCommandSchema>;
export type PoolerCommandKind = PoolerCommand['kind'];

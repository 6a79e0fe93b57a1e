import * as z from 'zod/mini';
import { switchOr } from './profile/checks.ts';
import { poolFields } from './profile/pool.ts';
import { resilienceFields } from './profile/resilience.ts';
import { sessionFields } from './profile/session.ts';
import { targetFields } from './profile/target.ts';
import { tlsFields } from './profile/tls.ts';

export const profileIdSchema = z.string().check(z.minLength(1), z.maxLength(64));

function hasBothSizes(draft: unknown): boolean {
  if (typeof draft !== 'object' || draft === null) return false;
  const { min, max } = draft as { min?: unknown; max?: unknown };
  return Number.isInteger(min) && Number.isInteger(max);
}

/**
 * What a user says about one connection: where it goes and how its pool behaves. Durations are
 * milliseconds. The password and a key's passphrase are never part of it; they live in the vault.
 */
export const profileDraftSchema = z
  .object({
    ...targetFields,
    ...tlsFields,
    ...poolFields,
    ...sessionFields,
    ...resilienceFields,
    /** Nothing is changed on this server through Poolscope: no row, no session, no pooler. */
    readOnly: switchOr(false, 'Read-only'),
    /** Statements typed into the Query tab may write. Means nothing while `readOnly` is on. */
    queryWrites: switchOr(false, 'Queries may write'),
  })
  .check(
    z.refine((draft) => draft.max >= draft.min, {
      path: ['max'],
      error: 'Maximum size must be at least the minimum size.',
      // Said together with what is wrong elsewhere, as soon as there are two numbers to compare.
      when: ({ value }) => hasBothSizes(value),
    }),
    z.refine((draft) => (draft.tlsCertFile === '') === (draft.tlsKeyFile === ''), {
      path: ['tlsKeyFile'],
      error: 'A client certificate and its key go together: name both files, or neither.',
    }),
    // As libpq refuses it: there is no question to the server whose answer could be no.
    z.refine((draft) => draft.tlsNegotiation !== 'direct' || !['disable', 'prefer'].includes(draft.tlsMode), {
      path: ['tlsNegotiation'],
      error: 'Direct TLS negotiation needs TLS set to require, verify-ca or verify-full.',
    }),
  );

export type ProfileDraft = z.output<typeof profileDraftSchema>;

/** What a new connection starts with. Settings newer than this list's first take their schema's default. */
export const profileDefaults: ProfileDraft = {
  ...profileDraftSchema.parse({
    name: 'x',
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
  }),
  name: '',
};

const secretChange = (label: string) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('keep') }),
    z.object({ kind: z.literal('clear') }),
    z.object({
      kind: z.literal('set'),
      value: z.string().check(
        z.minLength(1, { error: `${label} must not be empty.` }),
        z.maxLength(1024, { error: `${label} can be at most 1,024 characters long.` }),
        z.refine((value) => !value.includes('\u0000'), {
          error: `${label} cannot hold the character U+0000.`,
        }),
      ),
    }),
  ]);

/** What to do with the stored password. Empty passwords are not stored: they mean `clear`. */
export const passwordChangeSchema = secretChange('Password');
/** The same for the passphrase of the client key. Absent means `keep`. */
export const keyPassphraseChangeSchema = z._default(secretChange('Key passphrase'), { kind: 'keep' });

export type PasswordChange = z.output<typeof passwordChangeSchema>;

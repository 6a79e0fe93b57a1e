import * as z from 'zod/mini';
import {
  keyPassphraseChangeSchema,
  type ProfileDraft,
  profileDraftSchema,
  profileIdSchema,
} from '../model/profile.ts';
import { route } from './define.ts';
import type { SaveOutcome } from './exporter.ts';

/** Where settings come from. `environment` is that of the engine's process; `auto` finds out. */
export const importSources = [
  'auto',
  'env-file',
  'environment',
  'url',
  'dsn',
  'pg-service',
  'poolscope',
] as const;
export type ImportSource = (typeof importSources)[number];

/** One profile that was understood. Its secrets, if any, wait in the engine. */
export interface ImportedProfile {
  /** Names it within its import. */
  key: string;
  draft: ProfileDraft;
  hasPassword: boolean;
  hasKeyPassphrase: boolean;
  /** "DB_POOL_MAX_SIZE=20 → Maximum size 20", in order. Secrets are shown as ••••. */
  understood: { from: string; to: string }[];
  /** What has no place here, with why. */
  notUnderstood: { from: string; why: string }[];
  /** A saved profile with the same target, which it can replace. */
  replaces: { profileId: string; name: string } | null;
  /** Why it cannot be taken as it is; empty when it can. */
  problems: string[];
}

/** What an import would do. Held for the caller until applied, closed, or ten minutes old. */
export interface ImportPreview {
  importId: string;
  source: Exclude<ImportSource, 'auto'>;
  profiles: ImportedProfile[];
  /** About the text as a whole. */
  notUnderstood: { from: string; why: string }[];
}

export const profileTransferRoutes = {
  /** Reads text that was pasted or dropped; `environment` needs none. `passphrase` opens encrypted secrets. */
  'profiles.previewImport': route<ImportPreview>()(
    z.object({
      source: z.enum(importSources),
      text: z.string(),
      passphrase: z._default(z.string().check(z.maxLength(1024)), ''),
    }),
  ),
  /** All of `choices` or none. */
  'profiles.applyImport': route<{ created: string[]; replaced: string[] }>()(
    z.object({
      importId: z.string(),
      choices: z
        .array(z.object({ key: z.string(), name: z.string(), replaceProfileId: z.nullable(profileIdSchema) }))
        .check(z.minLength(1, { error: 'Choose at least one connection to import.' })),
    }),
  ),
  /** Without a passphrase no secret is written; with one they are, encrypted (scrypt, AES-256-GCM). */
  'profiles.export': route<SaveOutcome>()(
    z.object({
      profileIds: z
        .array(profileIdSchema)
        .check(z.minLength(1, { error: 'Choose at least one connection.' })),
      passphrase: z._default(z.string().check(z.maxLength(1024)), ''),
    }),
  ),
  /** Looks at the TLS files a draft names: one sentence for each field that will not do. */
  'profiles.checkFiles': route<{ fields: Record<string, string> }>()(
    z.object({
      draft: profileDraftSchema,
      keyPassphrase: keyPassphraseChangeSchema,
      /** Whose stored passphrase `keep` means. */
      profileId: z.nullable(profileIdSchema),
    }),
  ),
};

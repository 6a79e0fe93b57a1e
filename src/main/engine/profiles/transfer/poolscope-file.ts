import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { type ProfileDraft, profileDraftSchema } from '#shared/model/profile.ts';
import { EngineError } from '../../base/errors.ts';
import { kdfOf, kdfSchema, keyFrom, type Sealed, seal, sealedSchema, unseal } from '../sealing.ts';
import { emptyReading, type ImportReading, unreadable } from './reading.ts';

const format = 'poolscope-connections';
const fileVersion = 1;
const checkName = 'poolscope export check';

const secretsSchema = z.object({
  kdf: kdfSchema,
  /** A known text, sealed: tells a wrong passphrase. */
  check: sealedSchema,
  /** By place in `profiles` and kind: "0/password", "0/keyPassphrase". */
  entries: z.record(z.string(), sealedSchema),
});
const headSchema = z.object({ format: z.literal(format), version: z.int() });
const fileSchema = z.object({
  profiles: z.array(z.unknown()).check(z.minLength(1), z.maxLength(1000)),
  secrets: z.optional(secretsSchema),
});

export interface ExportedProfile {
  draft: ProfileDraft;
  password: string | undefined;
  keyPassphrase: string | undefined;
}

/** The text of an export. Secrets are in it only under a passphrase, each encrypted (scrypt, AES-256-GCM). */
export async function writePoolscopeFile(profiles: ExportedProfile[], passphrase: string): Promise<string> {
  const file = { format, version: fileVersion, profiles: profiles.map(({ draft }) => draft) };
  if (passphrase === '') return `${JSON.stringify(file, null, 2)}\n`;
  const salt = randomBytes(16);
  const key = await keyFrom(passphrase, salt);
  const entries: Record<string, Sealed> = {};
  for (const [index, profile] of profiles.entries()) {
    for (const kind of ['password', 'keyPassphrase'] as const) {
      const secret = profile[kind];
      if (secret !== undefined) entries[`${index}/${kind}`] = seal(key, `${index}/${kind}`, secret);
    }
  }
  const secrets = { kdf: kdfOf(salt), check: seal(key, checkName, checkName), entries };
  return `${JSON.stringify({ ...file, secrets }, null, 2)}\n`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes what it found; only the place is passed on.
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const where =
      position === undefined
        ? 'The end of the text'
        : `Line ${text.slice(0, Number(position)).split('\n').length}`;
    throw unreadable(`${where}: the text is not valid JSON.`);
  }
}

async function keyOf(
  secrets: z.output<typeof secretsSchema> | undefined,
  passphrase: string,
): Promise<Buffer | null> {
  if (secrets === undefined || passphrase === '') return null;
  const key = await keyFrom(passphrase, Buffer.from(secrets.kdf.salt, 'base64'));
  if (unseal(key, checkName, secrets.check) === checkName) return key;
  const message = 'The passphrase does not open the secrets of this file.';
  const remedy = 'Try the one it was exported with, or leave it empty to import without secrets.';
  throw new EngineError('bad_input', message, { remedy, fields: { passphrase: message } });
}

/** A file that Poolscope exported. @throws `bad_input` */
export async function readPoolscopeFile(text: string, passphrase: string): Promise<ImportReading> {
  const content = parsed(text);
  const head = headSchema.safeParse(content);
  if (!head.success) throw unreadable('The text is JSON, but no export of connections by Poolscope.');
  if (head.data.version > fileVersion)
    throw unreadable(
      'The file was written by a newer version of Poolscope.',
      'Update Poolscope; nothing was imported.',
    );
  const file = fileSchema.safeParse(content);
  if (!file.success)
    throw unreadable('The file is damaged: its list of connections or its secrets cannot be read.');
  const { profiles, secrets } = file.data;
  const key = await keyOf(secrets, passphrase);
  const secretOf = (name: string): string | null => {
    const sealed =
      secrets !== undefined && Object.hasOwn(secrets.entries, name) ? secrets.entries[name] : undefined;
    if (key === null || sealed === undefined) return null;
    const secret = unseal(key, name, sealed);
    if (secret === undefined) throw unreadable('The file is damaged: one of its secrets was changed.');
    return secret;
  };
  const readings = profiles.map((entry, index) => {
    const reading = emptyReading();
    const draft = profileDraftSchema.safeParse(entry);
    if (!draft.success)
      throw unreadable(
        `Connection ${index + 1} of the file: ${draft.error.issues[0]?.message ?? 'it is damaged.'}`,
      );
    reading.draft = draft.data;
    reading.password = secretOf(`${index}/password`);
    reading.keyPassphrase = secretOf(`${index}/keyPassphrase`);
    reading.understood.push({ from: `connection ${index + 1}`, to: `every setting of "${draft.data.name}"` });
    const isSealed =
      secrets !== undefined && Object.keys(secrets.entries).some((name) => name.startsWith(`${index}/`));
    if (isSealed && key === null)
      reading.notUnderstood.push({
        from: 'secrets',
        why: 'They are encrypted: enter the passphrase to take them too.',
      });
    return reading;
  });
  return { readings, notUnderstood: [] };
}

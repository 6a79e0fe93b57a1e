import type { ImportPreview, ImportSource } from '#shared/contract/profile-transfer.ts';
import { importTooLarge } from '#shared/model/import-limit.ts';
import { readPoolscopeFile } from './poolscope-file.ts';
import { readDsn } from './read-dsn.ts';
import { readEnvFile, readVariables } from './read-environment.ts';
import { readServiceFile } from './read-service-file.ts';
import { readUrl } from './read-url.ts';
import { type ImportReading, unreadable } from './reading.ts';

type Source = ImportPreview['source'];

/** Text fit to be parsed: of a size, not binary, without a byte order mark. @throws `bad_input` */
function cleaned(text: string): string {
  const tooLarge = importTooLarge(Buffer.byteLength(text));
  if (tooLarge !== null) throw unreadable(tooLarge, 'Import the part that holds the settings.');
  const plain = text.replace(/^\uFEFF/, '');
  const save = 'Save it as UTF-8 text and try again; nothing was imported.';
  if (plain.includes('\u0000')) throw unreadable('The text holds NUL bytes: it is binary, or UTF-16.', save);
  if (plain.includes('\uFFFD'))
    throw unreadable('The text is not UTF-8: some of its characters could not be read.', save);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells binary from text
  if (/[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(plain))
    throw unreadable('The text holds control characters: it is binary.', save);
  if (plain.trim() === '')
    throw unreadable('There is nothing to read.', 'Paste the settings, or choose a file.');
  return plain;
}

/** What a text is, by its first line that says something. @throws `bad_input` */
export function detectSource(text: string): Source {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const first = lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
  if (first.startsWith('{')) return 'poolscope';
  if (/^postgres(?:ql)?:\/\//i.test(first)) return 'url';
  if (first.startsWith('[')) return 'pg-service';
  if (/^(?:export\s+)?[A-Z_][A-Z0-9_]*\s*=/.test(first)) return 'env-file';
  if (/^[a-z_]+\s*=/.test(first)) return 'dsn';
  throw unreadable(
    'This is none of what Poolscope reads: a .env file, an address, a connection string, pg_service.conf, or its own export.',
    'Choose what it is, if it should be one of them.',
  );
}

export interface ImportInput {
  source: ImportSource;
  text: string;
  passphrase: string;
}

/** Reads settings without taking any over. Throws `bad_input` with one sentence; then nothing is understood. */
export async function readImport(
  { source: named, text, passphrase }: ImportInput,
  environment: NodeJS.ProcessEnv,
): Promise<ImportReading & { source: Source }> {
  if (named === 'environment')
    return { source: named, ...readVariables(environment as Record<string, string>, 'known') };
  const plain = cleaned(text);
  const source = named === 'auto' ? detectSource(plain) : named;
  switch (source) {
    case 'environment':
      return { source, ...readVariables(environment as Record<string, string>, 'known') };
    case 'env-file':
      return { source, ...readEnvFile(plain) };
    case 'url':
      return { source, ...readUrl(plain) };
    case 'dsn':
      return { source, ...readDsn(plain) };
    case 'pg-service':
      return { source, ...readServiceFile(plain) };
    case 'poolscope':
      return { source, ...(await readPoolscopeFile(plain, passphrase)) };
  }
}

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { profileDefaults, profileDraftSchema } from '#shared/model/profile.ts';
import { translators } from '#shared/model/translate/translators.ts';

/** Checks a file with a tool of its language; null when the machine has none. */
function syntaxProblem(tool: string, args: string[], text: string): string | null | 'no tool' {
  const result = spawnSync(tool, args, { input: text, encoding: 'utf8' });
  if (result.error !== undefined) return 'no tool';
  return result.status === 0 ? null : result.stderr;
}

/** A YAML parser, if one came along with another package. */
function yamlParser(): ((text: string) => unknown) | null {
  try {
    return (createRequire(import.meta.url)('js-yaml') as { load: (text: string) => unknown }).load;
  } catch {
    return null;
  }
}

const allSet = profileDraftSchema.parse({
  ...profileDefaults,
  name: 'all',
  host: 'h1',
  moreHosts: [{ host: 'h2', port: 5433 }],
  tlsMode: 'verify-full',
  tlsCaFile: '/ca "1".pem',
  tlsCertFile: '/c.pem',
  tlsKeyFile: '/k.pem',
  onRelease: 'discard-all',
  checkBeforeUse: 'always',
  connectSql: "SELECT 'a\n\"b\\';",
  searchPath: '"$user", public',
});

describe.each(translators.map((one) => [one.label, one] as const))('the text for %s', (_, translator) => {
  it.runIf(/\.py$/.test(translator.fileName))('is Python', ({ skip }) => {
    const problem = syntaxProblem(
      'python3',
      ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'],
      translator.to(allSet).text,
    );
    if (problem === 'no tool') skip('There is no python3 on this machine.');
    expect(problem).toBeNull();
  });

  it.runIf(/\.mjs$/.test(translator.fileName))('is JavaScript', () => {
    const { text } = translator.to(allSet);
    expect(syntaxProblem(process.execPath, ['--input-type=module', '--check'], text)).toBeNull();
  });

  it.runIf(/\.yml$/.test(translator.fileName))('is YAML that says the same', ({ skip }) => {
    const load = yamlParser();
    if (load === null) return skip('There is no YAML parser on this machine.');
    expect(load(translator.to(allSet).text)).toMatchObject({
      spring: {
        datasource: {
          url: 'jdbc:postgresql://h1:5432,h2:5433/postgres',
          hikari: {
            'maximum-pool-size': 10,
            'connection-init-sql': allSet.connectSql,
            'data-source-properties': { sslrootcert: '/ca "1".pem' },
          },
        },
      },
    });
  });
});

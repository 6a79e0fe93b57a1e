import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImportSource } from '#shared/contract/profile-transfer.ts';
import { type ProfileDraft, profileDefaults, profileDraftSchema } from '#shared/model/profile.ts';
import { EngineError } from '../../base/errors.ts';
import { writePoolscopeFile } from './poolscope-file.ts';
import { splitDsn } from './read-dsn.ts';
import { readImport } from './read-import.ts';
import { completed, type Reading } from './reading.ts';
import { parseServerOptions } from './server-options.ts';

const read = (text: string, source: ImportSource = 'auto', environment: NodeJS.ProcessEnv = {}) =>
  readImport({ source, text, passphrase: '' }, environment);

async function only(text: string, source: ImportSource = 'auto', environment: NodeJS.ProcessEnv = {}) {
  const { readings } = await read(text, source, environment);
  expect(readings).toHaveLength(1);
  return readings[0] as Reading;
}

async function refusal(text: string, source: ImportSource = 'auto'): Promise<string> {
  try {
    await read(text, source);
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'bad_input', details: { remedy: expect.stringMatching(/\.$/) } });
    return (error as EngineError).message;
  }
  throw new Error('it was read');
}

describe('a .env file', () => {
  it('with every DB_ name is read in full, the password unseen', async () => {
    const text = `
# settings of the shop
DB_HOST=db.example.com
DB_PORT=6432
export DB_NAME=shop
DB_USER="ann"
DB_PASSWORD='s3cret # not a comment'
DB_POOL_MIN_SIZE=5
DB_POOL_MAX_SIZE=20
DB_POOL_MAX_QUERIES=50000
DB_POOL_MAX_INACTIVE_LIFETIME=300.5
DB_COMMAND_TIMEOUT=60
DB_CONNECT_TIMEOUT=10
DB_SSL_MODE=verify-full
DB_SSL_CA=/etc/ca.crt
DB_SSL_CERT=/etc/client.crt
DB_SSL_KEY=/etc/client.key
SECRET_KEY=hush
`;
    const { source, readings, notUnderstood } = await read(text);
    expect(source).toBe('env-file');
    expect(readings).toHaveLength(1);
    const [reading] = readings;
    expect(reading).toMatchObject({
      password: 's3cret # not a comment',
      problems: [],
      draft: {
        ...{
          host: 'db.example.com',
          port: 6432,
          database: 'shop',
          user: 'ann',
          min: 5,
          max: 20,
          maxUses: 50_000,
        },
        ...{
          idleTimeoutMs: 300_500,
          queryTimeoutMs: 60_000,
          connectTimeoutMs: 10_000,
          tlsMode: 'verify-full',
        },
        ...{ tlsCaFile: '/etc/ca.crt', tlsCertFile: '/etc/client.crt', tlsKeyFile: '/etc/client.key' },
      },
    });
    expect(reading?.understood).toContainEqual({ from: 'DB_POOL_MAX_SIZE=20', to: 'Maximum size 20' });
    expect(JSON.stringify(reading?.understood)).not.toContain('s3cret');
    expect(notUnderstood.map(({ from }) => from)).toEqual(['SECRET_KEY']);
    expect(JSON.stringify(notUnderstood)).not.toContain('hush');
    expect(completed(reading as Reading).problems).toEqual([]);
  });

  it('speaks of several connections: each address, DB_ and PG', async () => {
    const text =
      'DATABASE_URL=postgres://a:x@one/shop\nREPLICA_URL=postgres://b@two/shop\nPGHOST=three\nDB_HOST=four';
    const { readings } = await read(text);
    expect(readings.map(({ name, draft }) => [name, draft.host])).toEqual([
      [null, 'one'],
      ['REPLICA_URL', 'two'],
      [null, 'four'],
      [null, 'three'],
    ]);
  });

  it('says what is wrong with a value, and cannot be taken then', async () => {
    const reading = await only(
      'DB_HOST=a\nDB_POOL_MAX_SIZE=many\nDB_POOL_MIN_SIZE=50\nDB_CONNECT_TIMEOUT=soon',
    );
    expect(completed(reading).problems).toEqual([
      'DB_POOL_MAX_SIZE: it must be a whole number.',
      'DB_CONNECT_TIMEOUT: it must be a number of seconds.',
      'Maximum size must be at least the minimum size.',
    ]);
  });

  it.each([
    ['DB_HOST=a\nwhat is this hunter2', 'Line 2: a setting is written as NAME=value.'],
    ['DB_HOST=a\n\nDB_PASSWORD="hunter2\nDB_PORT=1', 'Line 3: the quote that opens there is never closed.'],
    ['COLOUR=blue', 'The text sets none of DATABASE_URL, DB_… and PG….'],
  ])('with a mistake is refused with its line, and no secret quoted', async (text, words) => {
    expect(await refusal(text, 'env-file')).toBe(words);
  });
});

describe('the environment', () => {
  it('is read by the names of libpq, and nothing else of it is told', async () => {
    const environment = {
      ...{
        PGHOST: 'a,b',
        PGPORT: '5433',
        PGDATABASE: 'shop',
        PGUSER: 'ann',
        PGPASSWORD: 'hunter2',
        PGTZ: 'UTC',
      },
      ...{
        PGSSLMODE: 'allow',
        PGTARGETSESSIONATTRS: 'read-write',
        PGAPPNAME: 'till',
        PGCONNECT_TIMEOUT: '3',
      },
      ...{
        PGOPTIONS: '-c statement_timeout=5s -c work_mem=8MB',
        PGPASSFILE: '/x',
        HOME: '/home/ann',
        TOKEN: 'abc',
      },
    };
    const { readings, notUnderstood } = await read('', 'environment', environment);
    expect(readings).toHaveLength(1);
    expect(readings[0]).toMatchObject({
      password: 'hunter2',
      draft: {
        ...{ host: 'a', port: 5433, moreHosts: [{ host: 'b', port: 5433 }], database: 'shop', user: 'ann' },
        ...{
          tlsMode: 'prefer',
          targetSessionAttrs: 'read-write',
          applicationName: 'till',
          connectTimeoutMs: 3000,
        },
        ...{ statementTimeoutMs: 5000, parameters: [{ name: 'work_mem', value: '8MB' }], timeZone: 'UTC' },
      },
      notUnderstood: [{ from: 'PGPASSFILE', why: expect.stringContaining('pgpass') }],
    });
    expect(notUnderstood).toEqual([]);
    const told = JSON.stringify([readings[0]?.understood, readings[0]?.notUnderstood]);
    expect(told).not.toMatch(/hunter2|abc|home/);
  });

  it('without any of them is said to be so', async () => {
    await expect(read('', 'environment', { HOME: '/' })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('a connection string', () => {
  it('is read as libpq reads it: quotes, backslashes, spaces around "="', async () => {
    const text = String.raw`host = db1,db2 port=5432,5433 dbname='my \'shop\'' user=an\ n password='a b\\c' sslmode=require sslnegotiation=direct keepalives=0 gssencmode=disable`;
    const reading = await only(text);
    expect(reading).toMatchObject({
      password: 'a b\\c',
      draft: {
        ...{
          host: 'db1',
          port: 5432,
          moreHosts: [{ host: 'db2', port: 5433 }],
          database: "my 'shop'",
          user: 'an n',
        },
        ...{ tlsMode: 'require', tlsNegotiation: 'direct', keepAlive: false },
      },
      notUnderstood: [{ from: 'gssencmode', why: 'Poolscope has no such setting.' }],
    });
  });

  it.each([
    ['host=a\nport', 'Line 2: a word without "=" after it'],
    ["host=a dbname='shop", 'the quote of "dbname" is never closed'],
    ['host=a colour=blue', '"colour" is no keyword of a connection string'],
    ['password=my secret=word', 'a word is no keyword'],
  ])('with a mistake is refused, and no secret quoted', async (text, words) => {
    const sentence = await refusal(text, 'dsn');
    expect(sentence).toContain(words);
    expect(sentence).not.toContain('secret');
  });

  it('gives back whatever was quoted into it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (user, password) => {
        const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
        const parameters = splitDsn(`user=${quoted(user)} password = ${quoted(password)}`);
        expect(Object.fromEntries(parameters)).toEqual({ user, password });
      }),
    );
  });
});

describe('options of libpq', () => {
  it('give back whatever was escaped into them', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{1,10}$/), fc.string(), (name, value) => {
        const text = `-c ${name}=${value.replaceAll(/[\\\s]/g, '\\$&')}`;
        expect(parseServerOptions(text)).toEqual([{ name, value }]);
      }),
    );
  });

  it('with anything else in them are not understood', () =>
    expect(parseServerOptions('-c a=1 -S 5')).toBeNull());
});

describe('pg_service.conf', () => {
  it('gives a connection for each service, by its name', async () => {
    const text =
      '# all\n[till]\nhost=a\nport=5433\ndbname=shop\nuser=ann\npassword=hunter2\n\n[books]\nhost=b\nldap://x\n';
    const { source, readings } = await read(text);
    expect(source).toBe('pg-service');
    expect(readings.map((reading) => completed(reading).draft)).toMatchObject([
      { name: 'till', host: 'a', port: 5433, database: 'shop', user: 'ann' },
      { name: 'books', host: 'b' },
    ]);
    expect(readings[0]?.password).toBe('hunter2');
  });

  it.each([
    ['[a]\nhost', 'Line 2: a setting is written as name=value.'],
    ['[a]\ncolour=blue', 'Line 2: "colour" is no setting of a service.'],
    ['[a\nhost=b', 'Line 1: the name of a service stands in brackets, as [name].'],
    ['[a]\nhost=b\n[a]', 'Line 3: the service "a" stands there twice.'],
    ['host=b', 'Line 1: settings come after the name of a service, [name].'],
  ])('with a mistake is refused with its line', async (text, words) => {
    expect(await refusal(text, 'pg-service')).toBe(words);
  });
});

describe('an address', () => {
  it('is read, its password unseen', async () => {
    const reading = await only('postgresql://ann:hunter2@db.example.com:6432/shop?sslmode=require');
    expect(reading).toMatchObject({
      password: 'hunter2',
      draft: { host: 'db.example.com', port: 6432, user: 'ann' },
    });
    expect(JSON.stringify(reading.understood)).not.toContain('hunter2');
  });

  it('with a mistake is refused', async () => {
    expect(await refusal('postgres://a:b@c:99999/d')).toContain('port must be a whole number');
  });
});

describe('an export of Poolscope', () => {
  const draft: ProfileDraft = profileDraftSchema.parse({
    ...profileDefaults,
    ...{
      name: 'Shop',
      host: 'db',
      moreHosts: [{ host: 'b', port: 1 }],
      parameters: [{ name: 'a.b', value: 'c' }],
    },
  });
  const exported = { draft, password: 'hunter2', keyPassphrase: 'correct horse' };

  it('comes back as it was, without secrets unless asked', async () => {
    const text = await writePoolscopeFile([exported], '');
    expect(text).not.toMatch(/hunter2|correct horse/);
    const reading = await only(text);
    expect(completed(reading)).toEqual({ draft, problems: [] });
    expect(reading).toMatchObject({ password: null, keyPassphrase: null });
  });

  // Four guesses at a passphrase, each meant to be slow.
  it('brings its secrets to whoever knows the passphrase, and no one else', {
    timeout: 120_000,
  }, async () => {
    const text = await writePoolscopeFile([exported, { ...exported, password: undefined }], 'open sesame');
    expect(text).not.toMatch(/hunter2|correct horse|sesame/);
    const open = (passphrase: string) => readImport({ source: 'auto', text, passphrase }, {});
    const { readings } = await open('open sesame');
    expect(readings).toMatchObject([
      { password: 'hunter2', keyPassphrase: 'correct horse' },
      { password: null, keyPassphrase: 'correct horse' },
    ]);
    await expect(open('wrong')).rejects.toMatchObject({
      code: 'bad_input',
      details: { fields: { passphrase: expect.stringContaining('does not open') } },
    });
    const without = await open('');
    expect(without.readings[0]).toMatchObject({ password: null, notUnderstood: [{ from: 'secrets' }] });
    // Moved from one place to another, a secret no longer opens.
    const moved = text.replace('"0/password"', '"1/password"');
    await expect(
      readImport({ source: 'auto', text: moved, passphrase: 'open sesame' }, {}),
    ).rejects.toMatchObject({
      code: 'bad_input',
    });
  });

  it.each([
    ['{\n "format": "poolscope-connections",\n oops hunter2}', 'Line 3: the text is not valid JSON.'],
    ['{"format": "other"}', 'no export of connections by Poolscope'],
    ['{"format": "poolscope-connections", "version": 99}', 'newer version'],
    ['{"format": "poolscope-connections", "version": 1, "profiles": []}', 'is damaged'],
    [
      '{"format": "poolscope-connections", "version": 1, "profiles": [{"port": 0}]}',
      'Connection 1 of the file: ',
    ],
  ])('that is damaged is refused in one sentence', async (text, words) => {
    expect(await refusal(text)).toContain(words);
  });
});

describe('text that is no settings', () => {
  it.each([
    ['\u0000\u0001', 'NUL bytes'],
    ['h\u0000o\u0000', 'UTF-16'],
    ['host=caf\uFFFD', 'not UTF-8'],
    ['\u001b[31m', 'control characters'],
    ['  \n', 'nothing to read'],
    ['Dear all,', 'none of what Poolscope reads'],
    [`host=a ${' '.repeat(11 * 1024 * 1024)}`, '10 MB at most'],
  ])('is refused in one sentence', async (text, words) => {
    expect(await refusal(text)).toContain(words);
  });

  it('never fails in another way than with a sentence, whatever it is', async () => {
    const sources = fc.constantFrom<ImportSource>(
      'auto',
      'env-file',
      'url',
      'dsn',
      'pg-service',
      'poolscope',
    );
    const lines = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '[a]',
        'host=',
        'DB_HOST=x',
        'PGPORT=0',
        "user='",
        'postgres://a:b@[::1]/c?d=%',
        '{"version":1}',
      ),
    );
    await fc.assert(
      fc.asyncProperty(sources, fc.array(lines, { maxLength: 5 }), async (source, text) => {
        try {
          const { readings } = await read(text.join('\n'), source);
          for (const reading of readings) completed(reading);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
          expect((error as EngineError).code).toBe('bad_input');
        }
      }),
      { numRuns: 500 },
    );
  });
});

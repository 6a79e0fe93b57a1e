import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConnectionUrl } from './connection-url.ts';

function parsed(url: string) {
  const result = parseConnectionUrl(url);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join(' '));
  return result;
}

function problems(url: string) {
  const result = parseConnectionUrl(url);
  return result.ok ? [] : result.problems;
}

describe('a pasted address', () => {
  it('is read in full', () => {
    const url =
      ' postgresql://ann:s%40cret@db.example.com:6432/shop?sslmode=require&application_name=till&connect_timeout=5 ';
    expect(parsed(url)).toEqual({
      ok: true,
      draft: {
        user: 'ann',
        host: 'db.example.com',
        port: 6432,
        database: 'shop',
        tlsMode: 'require',
        applicationName: 'till',
        connectTimeoutMs: 5000,
      },
      password: 's@cret',
      ignored: [],
      notes: [],
    });
  });

  it.each([
    ['postgres://', { host: 'localhost' }],
    ['postgres:///shop', { host: 'localhost', database: 'shop' }],
    ['postgres://ann@', { host: 'localhost', user: 'ann', database: 'ann' }],
    ['POSTGRES://ann@db', { host: 'db', user: 'ann', database: 'ann' }],
    ['postgres://db:5433', { host: 'db', port: 5433 }],
    ['postgres://db:/shop', { host: 'db', database: 'shop' }],
    ['postgres://[::1]:5433/shop', { host: '::1', port: 5433, database: 'shop' }],
    ['postgres://[fe80::1%25eth0]/shop', { host: 'fe80::1%eth0', database: 'shop' }],
    ['postgres://db:5433?application_name=a@b', { host: 'db', port: 5433, applicationName: 'a@b' }],
    ['postgres://[2001:db8::7]/shop', { host: '2001:db8::7', database: 'shop' }],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/shop', { host: '/var/run/postgresql', database: 'shop' }],
    ['postgres:///shop?host=/tmp&port=5433', { host: '/tmp', port: 5433, database: 'shop' }],
    ['postgres://db/?user=ann&dbname=shop', { host: 'db', user: 'ann', database: 'shop' }],
    ['postgres://db/a/b', { host: 'db', database: 'a/b' }],
  ])('%s fills what it says and leaves out the rest', (url, draft) => {
    expect(parsed(url).draft).toEqual(draft);
  });

  it('takes the last "@" as the end of the password, and "+" as itself', () => {
    expect(parsed('postgres://ann:p@ss+word@db/shop')).toMatchObject({
      draft: { host: 'db' },
      password: 'p@ss+word',
    });
  });

  it.each([
    ['disable', 'disable', 0],
    ['allow', 'prefer', 1],
    ['prefer', 'prefer', 0],
    ['require', 'require', 0],
    ['verify-ca', 'verify-ca', 0],
    ['verify-full', 'verify-full', 0],
  ])('sslmode=%s becomes %s', (sslmode, tlsMode, notes) => {
    const result = parsed(`postgres://db?sslmode=${sslmode}`);
    expect(result.draft.tlsMode).toBe(tlsMode);
    expect(result.notes).toHaveLength(notes);
  });

  it('names the parameters it does not use', () => {
    expect(parsed('postgres://db?krbsrvname=any&toString=1&sslmode=disable').ignored).toEqual([
      'krbsrvname',
      'toString',
    ]);
  });

  it.each([
    ['https://db/shop', 'scheme', 'must start with postgres://'],
    ['db.example.com:5432/shop', 'scheme', 'must start with postgres://'],
    ['', 'scheme', 'must start with postgres://'],
    ['postgres://ann:50%off@db', 'password', 'bad percent code: write'],
    ['postgres://ann:x%@db', 'password', 'bad percent code: write'],
    ['postgres://ann:x%ff@db', 'password', 'not UTF-8 text.'],
    ['postgres://an%of@db', 'user', '"%of"'],
    ['postgres://an%ff@db', 'user', '"%ff"'],
    ['postgres://an%00n@db', 'user', '%00'],
    ['postgres://db/%zz', 'database', '"%zz"'],
    ['postgres://db?application_name=%q', 'parameter', '"%q"'],
    ['postgres://db:0', 'port', 'from 1 to 65535'],
    ['postgres://db:65536', 'port', 'from 1 to 65535'],
    ['postgres://db:http', 'port', 'from 1 to 65535'],
    ['postgres://db?port=-1', 'port', 'from 1 to 65535'],
    ['postgres://a,b/shop?port=1,2,3', 'port', '2 hosts and 3 ports'],
    ['postgres://a,b:x/shop', 'port', '1 to 65535'],
    ['postgres://db?target_session_attrs=leader', 'parameter', 'read-write'],
    ['postgres://db?sslnegotiation=fast', 'parameter', 'postgres, direct'],
    ['postgres://::1/shop', 'host', 'brackets'],
    ['postgres://[::1/shop', 'host', 'brackets'],
    ['postgres://[nonsense]/shop', 'host', 'brackets'],
    ['postgres://ann:pa/ss@db/shop', 'password', '%2F'],
    ['postgres://ann:pa?ss@db/shop', 'password', '%3F'],
    ['postgres://ann:12/ss@db/shop', 'password', '%2F'],
    ['postgres://db?sslmode=maybe', 'parameter', '"maybe"'],
    ['postgres://db?sslmode', 'parameter', 'has no value'],
    ['postgres://db?connect_timeout=soon', 'parameter', 'seconds'],
  ])('%s is refused in words: %s, %s', (url, part, words) => {
    expect(problems(url)[0]).toMatchObject({ part });
    expect(problems(url)[0]?.message).toContain(words);
  });

  it.each([
    'postgres://ann:12?34secret@db.example.com/app?sslmode=require',
    'postgres://ann:12?34secret@db.example.com/app',
    'postgres://ann:12/34?secret@db',
    'postgres://ann:p@12?34secret@db',
    'postgres://ann:12?a&34secret@db',
    'postgres://ann:12?secret=34@db/app',
    'postgres://ann:12?sslmode=secret@db/app',
    'postgres://ann?secret@db',
  ])('says in words that a "?" cut the password of %s short, and quotes nothing of it', (url) => {
    expect(problems(url)).toMatchObject([{ part: 'password', message: expect.stringContaining('%3F') }]);
    expect(JSON.stringify(parseConnectionUrl(url))).not.toMatch(/secret|34/);
  });

  it.each([
    'postgres://ann:secret',
    'postgres://ann:secret/app',
    'postgres://ann:se:secret/app',
    'postgres://ann:secret%of@db',
    'postgres://ann:%of%ff%secret@db',
    'postgres://db?password=secret%zz',
  ])('never quotes what may be a password: %s', (url) => {
    expect(problems(url)).not.toEqual([]);
    expect(JSON.stringify(problems(url))).not.toMatch(/secret|%of|%zz|%ff/);
  });

  it('reports everything that is wrong at once', () => {
    expect(problems('postgres://u%:p@db:0/%?sslmode=x').map(({ part }) => part)).toEqual([
      'user',
      'port',
      'database',
      'parameter',
    ]);
  });

  it('gives back every character that percent codes can carry', () => {
    const word = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => text.isWellFormed() && !text.includes('\u0000'));
    fc.assert(
      fc.property(word, word, word, word, fc.integer({ min: 1, max: 65_535 }), (...values) => {
        const [user, password, database, applicationName, port] = values;
        const code = encodeURIComponent;
        const url = `postgres://${code(user)}:${code(password)}@db:${port}/${code(database)}?application_name=${code(applicationName)}`;
        expect(parsed(url)).toEqual({
          ok: true,
          draft: { user, database, applicationName, host: 'db', port },
          password,
          ignored: [],
          notes: [],
        });
      }),
    );
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const candidate of [text, `postgres://${text}`]) {
          const result = parseConnectionUrl(candidate);
          expect(result.ok || result.problems.length > 0).toBe(true);
        }
      }),
    );
  });
});

describe('an address of several hosts', () => {
  it('has the first as the host and the others behind it, each with its port', () => {
    expect(parsed('postgres://ann@h1:5433,h2,[::1]:5434/shop?target_session_attrs=read-write').draft).toEqual(
      {
        user: 'ann',
        host: 'h1',
        port: 5433,
        moreHosts: [
          { host: 'h2', port: 5432 },
          { host: '::1', port: 5434 },
        ],
        database: 'shop',
        targetSessionAttrs: 'read-write',
      },
    );
  });

  it('may name them as parameters, with one port for all or one for each', () => {
    const one = parsed('postgres:///shop?host=a,b&port=6432').draft;
    expect(one).toMatchObject({ host: 'a', port: 6432, moreHosts: [{ host: 'b', port: 6432 }] });
    const each = parsed('postgres:///shop?host=a,b&port=1,2').draft;
    expect(each).toMatchObject({ host: 'a', port: 1, moreHosts: [{ host: 'b', port: 2 }] });
  });
});

describe('what an address says beside the target', () => {
  it('is taken over: files, negotiation, keepalive, settings of the session', () => {
    const url =
      'postgres://db/shop?sslmode=verify-ca&sslrootcert=/etc/ca.pem&sslcert=/c.pem&sslkey=/k.pem' +
      '&sslnegotiation=direct&keepalives=0&keepalives_idle=20' +
      '&options=-c%20statement_timeout%3D5s%20-c%20TimeZone%3DUTC%20-c%20work_mem%3D64MB';
    expect(parsed(url)).toMatchObject({
      draft: {
        tlsMode: 'verify-ca',
        tlsCaFile: '/etc/ca.pem',
        tlsCertFile: '/c.pem',
        tlsKeyFile: '/k.pem',
        tlsNegotiation: 'direct',
        keepAlive: false,
        keepAliveDelayMs: 20_000,
        statementTimeoutMs: 5000,
        timeZone: 'UTC',
        parameters: [{ name: 'work_mem', value: '64MB' }],
      },
      ignored: [],
      notes: [],
    });
  });

  it('says which options have no place', () => {
    expect(parsed('postgres://db?options=-N%20x').notes).toEqual([
      'Of options only settings ("-c name=value") can be taken over.',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SettingName, sameSetting, settingNames } from '../profile/labels.ts';
import { type ProfileDraft, profileDefaults, profileDraftSchema } from '../profile.ts';
import { translators } from './translators.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/);
const path = fc.constantFrom('', '/etc/tls/a b.pem', '/srv/"odd"/k.pem', 'C:\\tls\\ca.pem');
const freeText = fc.constantFrom('', 'UTC', 'Europe/Berlin', '"$user", public', "it's", 'a\\b', 'ü 🦆');
const host = fc.constantFrom('db.example', '10.0.0.1', 'h-2');
const port = fc.integer({ min: 1, max: 65_535 });
const wholeSeconds = (max: number) => fc.integer({ min: 0, max }).map((s) => s * 1000);

/** Any profile that the form could hold. */
const drafts: fc.Arbitrary<ProfileDraft> = fc
  .record({
    host,
    port,
    moreHosts: fc.array(fc.record({ host, port }), { maxLength: 3 }),
    targetSessionAttrs: fc.constantFrom(
      'any',
      'read-write',
      'read-only',
      'primary',
      'standby',
      'prefer-standby',
    ),
    database: fc.constantFrom('orders', 'my db', 'ümlaut'),
    user: fc.constantFrom('app', "o'neil", 'ann "x"'),
    applicationName: fc.constantFrom('Poolscope', 'till 3'),
    tlsMode: fc.constantFrom('disable', 'prefer', 'require', 'verify-ca', 'verify-full'),
    tlsNegotiation: fc.constantFrom('postgres', 'direct'),
    tlsCaFile: path,
    tlsPair: fc.constantFrom(['', ''], ['/c.pem', '/k.pem']),
    min: fc.integer({ min: 0, max: 20 }),
    above: fc.integer({ min: 1, max: 50 }),
    overflow: fc.integer({ min: 0, max: 20 }),
    reuseOrder: fc.constantFrom('lifo', 'fifo'),
    waitTimeoutMs: fc.integer({ min: 100, max: 600_000 }),
    connectTimeoutMs: fc.oneof(wholeSeconds(600), fc.integer({ min: 0, max: 600_000 })),
    idleTimeoutMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 86_400_000 })),
    maxLifetimeMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 604_800_000 })),
    lifetimeJitterPercent: fc.integer({ min: 0, max: 50 }),
    maxUses: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 1, max: 1_000_000_000 })),
    onRelease: fc.constantFrom('nothing', 'rollback', 'reset-all', 'discard-all'),
    checkBeforeUse: fc.constantFrom('never', 'when-idle', 'always'),
    checkIdleMs: fc.constantFrom(30_000, 500, 45_500),
    leakThresholdMs: fc.constantFrom(0, 60_000, 1500),
    queryTimeoutMs: fc.constantFrom(0, 1500, 60_000),
    statementTimeoutMs: fc.constantFrom(0, 5000),
    lockTimeoutMs: fc.constantFrom(0, 2500),
    idleInTransactionTimeoutMs: fc.constantFrom(0, 60_000),
    keepAlive: fc.boolean(),
    keepAliveDelayMs: fc.constantFrom(0, 30_000, 10_500),
    timeZone: fc.constantFrom('', 'UTC', 'Europe/Berlin'),
    searchPath: freeText,
    role: fc.constantFrom('', 'reader', 'Odd Role'),
    parameters: fc.uniqueArray(fc.record({ name: word.map((name) => `x.${name}`), value: freeText }), {
      maxLength: 3,
      selector: ({ name }) => name,
    }),
    connectSql: fc.constantFrom(
      '',
      "SET x.a = 'b # c'",
      'SELECT "q", 1;\nSELECT \'\\\'',
      'SELECT `t` // no # comment',
    ),
    retries: fc.integer({ min: 0, max: 10 }),
    retryDelayMs: fc.constantFrom(200, 500),
    breakerThreshold: fc.integer({ min: 0, max: 10 }),
    breakerHalfOpenMs: fc.constantFrom(10_000, 500),
    healthStatement: fc.constantFrom('', 'SELECT 2'),
    readOnly: fc.boolean(),
    idlePoolCloseMs: fc.constantFrom(0, 1_800_000),
  })
  .map(({ tlsPair, above, ...rest }) =>
    profileDraftSchema.parse({
      ...profileDefaults,
      ...rest,
      name: 'any',
      max: rest.min + above,
      tlsCertFile: tlsPair[0],
      tlsKeyFile: tlsPair[1],
      // Direct TLS without the demand for TLS is no profile.
      ...(['disable', 'prefer'].includes(rest.tlsMode) ? { tlsNegotiation: 'postgres' } : {}),
    }),
  );

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

describe.each(translators.map((one) => [one.label, one] as const))('%s', (_, translator) => {
  it('keeps every setting it has when read back, and says what becomes of each other one', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        const { text, notes } = translator.to(draft);
        const reading = translator.from(text);
        expect(reading.problems).toEqual([]);
        const noted = new Set(notes.flatMap(({ settings }) => settings));
        for (const name of settingNames) {
          if (name === 'name' || noted.has(name)) continue;
          const back = reading.settings[name] ?? reading.implied.settings[name] ?? profileDefaults[name];
          expect({ [name]: back }).toEqual({ [name]: draft[name] });
        }
        // A setting that has a note may still come back, but never as something out of the air.
        for (const name of Object.keys(reading.settings) as SettingName[]) {
          if (sameSetting(reading.settings[name], draft[name])) continue;
          expect(noted).toContain(name);
        }
        const total = (reading.settings.max ?? 0) + (reading.settings.overflow ?? 0);
        expect(total).toBe(draft.max + draft.overflow);
        expect(reading.settings.min ?? draft.min).toBe(draft.min);
      }),
      { numRuns: 150 },
    );
  });

  it('names no setting twice without saying something different', () => {
    const { notes } = translator.to(allSet);
    expect(new Set(notes.map(({ sentence }) => sentence)).size).toBe(notes.length);
    for (const { settings } of notes) expect(settings.length).toBeGreaterThan(0);
  });

  it('holds no password, only where it comes from', () => {
    const { text } = translator.to(allSet);
    expect(text).toMatch(/PGPASSWORD|auth_file/);
  });

  it('reads nothing out of nothing, and no binary', () => {
    for (const text of ['', ' \n ', '\u0000\u0001PNG', 'x'.repeat(200_001)]) {
      const reading = translator.from(text);
      expect(reading.settings).toEqual({});
      expect(reading.problems).toHaveLength(1);
    }
  });

  it('never throws, whatever is pasted', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          fc.string({ unit: fc.constantFrom(...'({[]})=:,"\'\\\n #-x1') }),
        ),
        (text) => {
          translator.from(text);
          translator.from(`${translator.to(allSet).text.slice(0, text.length * 7)}${text}`);
        },
      ),
      { numRuns: 100 },
    );
  });
});

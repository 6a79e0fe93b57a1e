import { describe, expect, it } from 'vitest';
import { presetChanges, presets } from './presets.ts';
import { type ProfileDraft, profileDefaults, profileDraftSchema } from './profile.ts';
import { serverSettings } from './translate/server-settings.ts';

const busy: ProfileDraft = {
  ...profileDefaults,
  name: 'orders',
  statementTimeoutMs: 5000,
  lockTimeoutMs: 1000,
  idleInTransactionTimeoutMs: 2000,
  timeZone: 'UTC',
  searchPath: 'app',
  role: 'reader',
  parameters: [{ name: 'work_mem', value: '64MB' }],
  connectSql: 'SET a.b = 1',
  onRelease: 'discard-all',
};

const applied = (draft: ProfileDraft, id: string): ProfileDraft => {
  const preset = presets.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`There is no preset ${id}.`);
  const changes = presetChanges(draft, preset).map(({ setting, to }) => [setting, to]);
  return { ...draft, ...Object.fromEntries(changes) };
};

describe.each(presets.map((preset) => [preset.label, preset] as const))('the preset %s', (_, preset) => {
  it('makes settings that can be saved, from any', () => {
    for (const draft of [{ ...profileDefaults, name: 'x' }, busy])
      expect(profileDraftSchema.safeParse(applied(draft, preset.id)).success).toBe(true);
  });

  it('says why for each change, and nothing once it is applied', () => {
    for (const change of presetChanges(busy, preset)) expect(change.why).toMatch(/\.$/);
    expect(presetChanges(applied(busy, preset.id), preset)).toEqual([]);
  });

  it('leaves who and where alone', () => {
    const { host, port, database, user, name, tlsMode } = applied(busy, preset.id);
    expect({ host, port, database, user, name, tlsMode }).toEqual({
      ...{ host: busy.host, port: busy.port, database: busy.database, user: busy.user },
      ...{ name: busy.name, tlsMode: busy.tlsMode },
    });
  });
});

describe('presets', () => {
  it('have the sizes that people know', () => {
    const sizes = ['development', 'production', 'high-traffic'].map((id) => applied(busy, id));
    expect(sizes.map(({ min, max }) => [min, max])).toEqual([
      [2, 10],
      [10, 100],
      [50, 200],
    ]);
  });

  it('leave nothing that PgBouncer refuses, and no state of a session', () => {
    const draft = applied(busy, 'behind-pgbouncer');
    expect(serverSettings(draft)).toEqual([]);
    expect(draft).toMatchObject({ connectSql: '', role: '', onRelease: 'nothing', checkBeforeUse: 'never' });
  });

  it('write nothing on a replica', () => {
    expect(applied({ ...busy, queryWrites: true }, 'read-replica')).toMatchObject({
      readOnly: true,
      queryWrites: false,
      targetSessionAttrs: 'prefer-standby',
    });
  });
});

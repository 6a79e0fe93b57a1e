import { describe, expect, it } from 'vitest';
import { settingNames } from '#shared/model/profile/labels.ts';
import { fieldGroups, groupOfField } from './field-groups.ts';
import { findSettings } from './find-settings.ts';
import { newConnectionValues } from './form-values.ts';
import { groupSummary } from './group-summary.ts';

const found = (text: string) => [...(findSettings(text)?.keys() ?? [])];

describe('finding a setting', () => {
  it.each([
    ['pool_recycle', 'maxLifetimeMs'],
    ['poolRecycle', 'maxLifetimeMs'],
    ['maximumPoolSize', 'max'],
    ['maximum-pool-size', 'max'],
    ['command_timeout', 'queryTimeoutMs'],
    ['server_reset_query', 'onRelease'],
    ['minconn', 'min'],
    ['Overflow', 'overflow'],
    ['passphrase', 'keyPassphrase'],
  ])('%s leads to %s', (text, field) => {
    expect(found(text)).toContain(field);
  });

  it('says by which name elsewhere it was found', () => {
    expect(findSettings('pool_pre_ping')?.get('checkBeforeUse')).toMatchObject([{ library: 'SQLAlchemy' }]);
  });

  it('shows everything without a text, and nothing for nonsense', () => {
    expect(findSettings('  ')).toBeNull();
    expect(found('no such thing')).toEqual([]);
  });
});

describe('the groups of the form', () => {
  it('hold every setting once', () => {
    const fields = fieldGroups.flatMap((group) => group.fields);
    expect(fields.toSorted()).toEqual([...settingNames, 'password', 'keyPassphrase'].toSorted());
    expect(groupOfField('moreHosts.0.port')?.id).toBe('hosts');
  });

  it('sum up what differs from the defaults', () => {
    const time = groupOfField('waitTimeoutMs');
    const defaults = newConnectionValues();
    if (time === undefined) throw new Error('There is no group for the wait timeout.');
    expect(groupSummary(time, defaults)).toBe('As by default');
    const values = {
      ...defaults,
      waitTimeoutMs: '5000',
      maxUses: '7',
      keepAlive: false,
      lockTimeoutMs: '300',
    };
    expect(groupSummary(time, values)).toBe('Wait timeout 5 s · Maximum uses 7 · Lock timeout 300 · 1 more');
  });
});

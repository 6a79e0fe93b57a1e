import { describe, expect, it } from 'vitest';
import { commandRefusal, confirmationOf, pauseOf } from './command-rights.ts';

const profile = { name: 'Edge', readOnly: false };
const pooler = {
  user: 'boss',
  rights: 'admin' as const,
  commands: ['pause' as const, 'resume' as const],
  version: '1.18.0',
};

describe('a command to a pooler', () => {
  it('may be given by an admin of a version that has it', () => {
    expect(commandRefusal(profile, pooler, 'pause')).toBeNull();
    expect(commandRefusal(profile, pooler, 'killClient')).toBe('Version 1.18.0 does not have this command.');
  });

  it('is tried where the console does not tell the rights', () => {
    expect(commandRefusal(profile, { ...pooler, rights: 'unknown' }, 'pause')).toBeNull();
  });

  it('is off for a read-only profile before anything else, and for one who may only look', () => {
    expect(commandRefusal({ ...profile, readOnly: true }, { ...pooler, rights: 'stats' }, 'pause')).toContain(
      'read-only',
    );
    expect(commandRefusal(profile, { ...pooler, rights: 'stats' }, 'pause')).toBe(
      'boss may look and not command.',
    );
  });

  it('takes back a PAUSE by itself unless told otherwise', () => {
    expect(pauseOf('My-DB')).toMatchObject({ database: 'My-DB', autoResume: true });
  });

  it('asks for the name of a database whose connections it cuts', () => {
    expect(confirmationOf({ kind: 'kill', database: 'My-DB', autoResume: true }, 'breaks')).toBe('My-DB');
    expect(confirmationOf({ kind: 'reconnect', database: 'My-DB' }, 'waits')).toBeNull();
    expect(confirmationOf({ kind: 'killClient', clientId: 7 }, 'breaks')).toBeNull();
  });
});

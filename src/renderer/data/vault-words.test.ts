import { describe, expect, it } from 'vitest';
import { vaultWords } from './vault-words.ts';

const session = { kind: 'session', persistent: false, explanation: 'Kept until Poolscope ends.' } as const;

describe('what is said of passwords', () => {
  it('tells how to keep them where they would be forgotten', () => {
    expect(vaultWords({ vault: session, shell: 'web' })).toBe(
      'Kept until Poolscope ends. To keep them, start Poolscope with POOLSCOPE_VAULT_PASSPHRASE set, or write them in ~/.pgpass.',
    );
  });

  it('is the vault’s own sentence where they are kept, or where the desktop decides', () => {
    const kept = { kind: 'passphrase', persistent: true, explanation: 'Encrypted.' } as const;
    expect(vaultWords({ vault: kept, shell: 'web' })).toBe('Encrypted.');
    expect(vaultWords({ vault: session, shell: 'electron' })).toBe('Kept until Poolscope ends.');
  });
});

import type { Vault } from '../ports.ts';

/** Keeps secrets in this process only; they are gone when it ends. */
export function createSessionVault(): Vault {
  const secrets = new Map<string, string>();
  return {
    describe: () => ({
      kind: 'session',
      persistent: false,
      explanation: 'Passwords are kept until Poolscope ends, and never written to disk.',
    }),
    async get(key) {
      return secrets.get(key);
    },
    async set(key, secret) {
      secrets.set(key, secret);
    },
    async delete(key) {
      secrets.delete(key);
    },
  };
}

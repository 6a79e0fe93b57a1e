import type { AppInfo } from '#shared/contract/app.ts';

/** Where a typed password goes, and, where it would not outlive the run, how to keep it. */
export function vaultWords({ vault, shell }: Pick<AppInfo, 'vault' | 'shell'>): string {
  if (vault.persistent || shell !== 'web') return vault.explanation;
  return `${vault.explanation} To keep them, start Poolscope with POOLSCOPE_VAULT_PASSPHRASE set, or write them in ~/.pgpass.`;
}

export { connectionOptions } from './connection-options.ts';
export { ExplicitClient } from './explicit-client.ts';
export { openPassphraseVault } from './passphrase-vault.ts';
export type { ProfileChange } from './profile.ts';
export { createProfiles, type Profiles } from './profiles.ts';
export { createSessionVault } from './session-vault.ts';
export { tlsFactsOf } from './tls-status.ts';

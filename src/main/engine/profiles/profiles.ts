import { randomUUID } from 'node:crypto';
import type { connectionTestRoutes } from '#shared/contract/connection-test.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { profileTransferRoutes } from '#shared/contract/profile-transfer.ts';
import type { ProfileView, profilesRoutes } from '#shared/contract/profiles.ts';
import type { PasswordChange, ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import type { EnginePorts, Vault } from '../ports.ts';
import { connectionTermsOf, type TermedOptions } from './connection-terms.ts';
import { createConnectionTestHandlers } from './connection-test.ts';
import { createPasswords } from './passwords.ts';
import { copyName, type Profile, type ProfileChange } from './profile.ts';
import { type Notify, openProfileStore } from './profile-store.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import { createTransfer, type WantedProfile } from './transfer/transfer-handlers.ts';

type ChangeListener = (change: ProfileChange) => Promise<void> | void;

/** The saved connections and their secrets. */
export interface Profiles {
  handlers: Handlers<typeof profilesRoutes>;
  connectionTestHandlers: Handlers<typeof connectionTestRoutes>;
  transferHandlers: Handlers<typeof profileTransferRoutes>;
  /** What that caller read and did not import is forgotten. */
  callerGone(callerId: string): void;
  list(): Profile[];
  /** Throws `not_found`. */
  get(profileId: string): Profile;
  /** From the vault, else from `~/.pgpass` (PGPASSFILE), else undefined. */
  passwordOf(profileId: string): Promise<string | undefined>;
  /**
   * How connections of a profile are made, with its secrets as they stand now: those of its pool, or
   * those of Poolscope's own that watch the same server. Throws `not_found`, `tls_failed`,
   * `vault_failed`, and what asking a server about TLS throws.
   */
  connectionTerms(
    profileId: string,
    purpose: 'pool' | 'watching',
    signal: AbortSignal,
  ): Promise<TermedOptions>;
  /**
   * Creates the one `sample` profile. One that is there already keeps what the user made of it: only
   * its host, port, database and user follow the server. The vault never holds its password; the
   * sample database keeps that with the server's data, and hands it over at each start.
   */
  saveSample(draft: ProfileDraft, password: string): Promise<Profile>;
  /**
   * Hears every change once it is saved, except a deletion: that is told, and waited for, before
   * it is carried out, so that the pool closes first. A failing listener stops nothing.
   */
  onChanged(listener: ChangeListener): void;
  /** Ends what could be undone: takes the secrets of deleted profiles out of the vault. */
  close(): Promise<void>;
}

interface ProfilesDeps {
  saveFile: EnginePorts['saveFile'];
  /** Holds `profiles.json`. */
  dataFolder: string;
  vault: Vault;
  events: EventBus;
  notify: Notify;
  log: Logger;
  clock: Clock;
}

/** What to do with the secrets of a profile that is saved. */
export interface SecretChanges {
  password: PasswordChange;
  keyPassphrase: PasswordChange;
}

const keepBoth: SecretChanges = { password: { kind: 'keep' }, keyPassphrase: { kind: 'keep' } };

interface Deleted {
  profile: Profile;
  /** Each null when it could not be read, and is therefore left in the vault until Poolscope quits. */
  password: PasswordChange | null;
  keyPassphrase: PasswordChange | null;
  index: number;
}

const isChange = ({ password, keyPassphrase }: SecretChanges): boolean =>
  password.kind !== 'keep' || keyPassphrase.kind !== 'keep';

/** Says which passwords could not be read at the start, and what to do. */
function wordsForUnreadable(unreadable: { profile: Profile; error: unknown }[]): string {
  const names = [...new Set(unreadable.map(({ profile }) => `"${profile.name}"`))].join(', ');
  const [first] = unreadable;
  const why =
    first?.error instanceof EngineError
      ? [first.error.message, first.error.details.remedy].filter(Boolean).join(' ')
      : 'Enter it again in the settings of the connection.';
  return `The saved password could not be read for ${names}. ${why}`;
}

/** Loads the saved profiles. Never fails over the state of the file; notices say what was found. */
export async function createProfiles(deps: ProfilesDeps): Promise<Profiles> {
  const { vault, events, notify, log, clock } = deps;
  const store = await openProfileStore(deps);
  const passwords = createPasswords(vault, (message) => notify('warning', message));
  const passphrases = createSecrets(vault, 'key-passphrase');
  const unreadable = [...(await passwords.load(store.list())), ...(await passphrases.load(store.list()))];
  for (const { error } of unreadable) log.warn({ err: error }, 'a stored password could not be read');
  if (unreadable.length > 0) notify('warning', wordsForUnreadable(unreadable));
  const listeners: ChangeListener[] = [];
  const deleted = new Map<string, Deleted>();
  // One change at a time: each reads the list, writes the file and the vault, and tells of it.
  const inTurn = createSerialQueue();

  const viewOf = (profile: Profile): ProfileView => ({
    ...profile,
    hasPassword: passwords.has(profile),
    hasKeyPassphrase: passphrases.has(profile),
  });

  function get(profileId: string): Profile {
    const profile = store.list().find((candidate) => candidate.profileId === profileId);
    if (profile !== undefined) return profile;
    const remedy = 'Choose another one, or add it anew.';
    throw new EngineError('not_found', 'That connection does not exist any more.', { remedy });
  }

  async function tell(change: ProfileChange): Promise<void> {
    const results = await Promise.allSettled(listeners.map(async (listener) => listener(change)));
    for (const result of results) {
      if (result.status === 'rejected')
        log.error({ err: result.reason }, 'a change of a profile was not carried out');
    }
  }

  /** Secrets first, then the list; when the list cannot be saved the secrets are put back. */
  async function commit(saved: { profile: Profile; changes: SecretChanges }[], next: Profile[]) {
    const undo: (() => Promise<void>)[] = [];
    try {
      for (const { profile, changes } of saved) {
        undo.push(await passwords.apply(profile, changes.password));
        undo.push(await passphrases.apply(profile, changes.keyPassphrase));
      }
      await store.save(next);
    } catch (error) {
      for (const back of undo.toReversed()) {
        await back().catch((cause: unknown) => log.error({ err: cause }, 'could not put a secret back'));
      }
      throw error;
    }
  }

  /** Saves, then tells. The pool's reopening is not waited for: it may take as long as the server likes. */
  async function put(
    kind: 'created' | 'updated' | 'restored',
    profile: Profile,
    changes: SecretChanges,
    next: Profile[],
  ): Promise<Profile> {
    const previous = store.list().find(({ profileId }) => profileId === profile.profileId) ?? null;
    await commit([{ profile, changes }], next);
    void tell({ kind, profile, previous, passwordChanged: isChange(changes) });
    events.emit('profiles.changed', store.list().map(viewOf));
    return profile;
  }

  const replaced = (profile: Profile): Profile[] =>
    store.list().map((candidate) => (candidate.profileId === profile.profileId ? profile : candidate));

  const setOrKeep = (password: string | undefined): PasswordChange =>
    password === undefined ? { kind: 'keep' } : { kind: 'set', value: password };

  /** What would put the secret back; null when it cannot be read now. */
  async function wayBack(secrets: Secrets, profile: Profile): Promise<PasswordChange | null> {
    try {
      return setOrKeep(await secrets.stored(profile));
    } catch (error) {
      log.warn({ err: error }, 'a stored secret could not be read');
      return null;
    }
  }

  /** As typed in; with `keep`, as stored for that profile. */
  async function secretOf(secrets: Secrets, change: PasswordChange, profileId: string | null) {
    if (change.kind === 'set') return change.value;
    return change.kind === 'keep' && profileId !== null ? await secrets.stored(get(profileId)) : undefined;
  }

  /** Saves several profiles, all or none, and only then tells of them. */
  async function saveAll(wanted: WantedProfile[]) {
    let next = [...store.list()];
    const saved: { profile: Profile; previous: Profile | null; changes: SecretChanges }[] = [];
    for (const { draft, replaceProfileId, password, keyPassphrase } of wanted) {
      const previous = replaceProfileId === null ? null : get(replaceProfileId);
      if (previous?.kind === 'sample') {
        const message = 'The connection of the sample database cannot be replaced.';
        throw new EngineError('not_supported', message, { remedy: 'Import it as a new connection.' });
      }
      const profile: Profile = { profileId: previous?.profileId ?? randomUUID(), kind: 'user', ...draft };
      next = previous === null ? [...next, profile] : next.map((one) => (one === previous ? profile : one));
      saved.push({ profile, previous, changes: { password, keyPassphrase } });
    }
    await commit(saved, next);
    for (const { profile, previous, changes } of saved) {
      const kind = previous === null ? 'created' : 'updated';
      void tell({ kind, profile, previous, passwordChanged: isChange(changes) });
    }
    events.emit('profiles.changed', store.list().map(viewOf));
    const idsOf = (isNew: boolean) =>
      saved.filter(({ previous }) => (previous === null) === isNew).map(({ profile }) => profile.profileId);
    return { created: idsOf(true), replaced: idsOf(false) };
  }

  async function forget(secrets: Secrets, profile: Profile): Promise<void> {
    try {
      await secrets.apply(profile, { kind: 'clear' });
    } catch (error) {
      log.error({ err: error }, 'could not delete a secret');
      const where = 'could not be removed from where passwords are kept';
      const what = secrets === passphrases ? 'key passphrase' : 'password';
      notify('warning', `The ${what} of "${profile.name}" ${where}.`);
    }
  }

  async function remove(profileId: string): Promise<{ profileId: string }> {
    const profile = get(profileId);
    const password = await wayBack(passwords, profile);
    const keyPassphrase = await wayBack(passphrases, profile);
    await tell({ kind: 'deleted', profile, previous: null, passwordChanged: false });
    const index = store.list().indexOf(profile);
    await store.save(store.list().filter((candidate) => candidate !== profile));
    deleted.set(profileId, { profile, password, keyPassphrase, index });
    if (password !== null) await forget(passwords, profile);
    if (keyPassphrase !== null) await forget(passphrases, profile);
    events.emit('profiles.changed', store.list().map(viewOf));
    return { profileId };
  }

  const sampleProfile = () => store.list().find((profile) => profile.kind === 'sample');

  /** Says nothing of a change when nothing changed: a pool must not reopen for that. */
  async function saveSample(draft: ProfileDraft, password: string): Promise<Profile> {
    const existing = sampleProfile();
    const change: SecretChanges = { ...keepBoth, password: { kind: 'set', value: password } };
    if (existing === undefined) {
      const profile: Profile = { profileId: randomUUID(), kind: 'sample', ...draft };
      return await put('created', profile, change, [...store.list(), profile]);
    }
    const { host, port, database, user } = draft;
    const profile: Profile = { ...existing, host, port, database, user };
    const isSame = (await passwords.stored(existing)) === password;
    return await put('updated', profile, isSame ? keepBoth : change, replaced(profile));
  }

  async function restore(profileId: string): Promise<Profile> {
    const entry = deleted.get(profileId);
    if (entry === undefined) {
      const message = 'That connection cannot be brought back: it was not deleted in this run.';
      throw new EngineError('not_found', message, { remedy: 'Add it anew.' });
    }
    if (entry.profile.kind === 'sample' && sampleProfile() !== undefined) {
      const message = 'The sample database has a new connection by now, and can have only one.';
      throw new EngineError('not_supported', message, { remedy: 'Delete that one first, or go on with it.' });
    }
    const next = store.list().toSpliced(entry.index, 0, entry.profile);
    const changes = {
      password: entry.password ?? keepBoth.password,
      keyPassphrase: entry.keyPassphrase ?? keepBoth.keyPassphrase,
    };
    const restored = await put('restored', entry.profile, changes, next);
    deleted.delete(profileId);
    return restored;
  }

  const transfer = createTransfer({
    list: () => store.list(),
    saveAll: (wanted) => inTurn(() => saveAll(wanted)),
    async exported(profileId, withSecrets) {
      const profile = get(profileId);
      const { profileId: _, kind: __, ...draft } = profile;
      const stored = (secrets: Secrets) => (withSecrets ? secrets.stored(profile) : undefined);
      return { draft, password: await stored(passwords), keyPassphrase: await stored(passphrases) };
    },
    keyPassphraseOf: (change, profileId) => secretOf(passphrases, change, profileId),
    saveFile: deps.saveFile,
    clock,
    environment: process.env,
  });

  const handlers: Profiles['handlers'] = {
    'profiles.list': () => store.list().map(viewOf),
    'profiles.create': ({ draft, ...changes }) =>
      inTurn(async () => {
        const profile: Profile = { profileId: randomUUID(), kind: 'user', ...draft };
        return viewOf(await put('created', profile, changes, [...store.list(), profile]));
      }),
    'profiles.update': ({ profileId, draft, ...changes }) =>
      inTurn(async () => {
        const profile: Profile = { ...get(profileId), ...draft };
        return viewOf(await put('updated', profile, changes, replaced(profile)));
      }),
    'profiles.duplicate': ({ profileId }) =>
      inTurn(async () => {
        const original = get(profileId);
        const name = copyName(original.name, new Set(store.list().map((profile) => profile.name)));
        const copy: Profile = { ...original, profileId: randomUUID(), kind: 'user', name };
        const changes = {
          password: setOrKeep(await passwords.stored(original)),
          keyPassphrase: setOrKeep(await passphrases.stored(original)),
        };
        const next = store.list().toSpliced(store.list().indexOf(original) + 1, 0, copy);
        return viewOf(await put('created', copy, changes, next));
      }),
    'profiles.delete': ({ profileId }) => inTurn(() => remove(profileId)),
    'profiles.restore': ({ profileId }) => inTurn(async () => viewOf(await restore(profileId))),
  };

  return {
    handlers,
    connectionTestHandlers: createConnectionTestHandlers({
      events,
      clock,
      log,
      async secretsFor({ password, keyPassphrase, profileId }) {
        const typed = await secretOf(passwords, password, profileId);
        return {
          passwordFor: async (target) => typed ?? (await passwords.fromPgpass(target)),
          keyPassphrase: await secretOf(passphrases, keyPassphrase, profileId),
        };
      },
    }),
    transferHandlers: transfer.handlers,
    callerGone: (callerId) => transfer.callerGone(callerId),
    list: () => [...store.list()],
    get,
    passwordOf: (profileId) => passwords.effective(get(profileId)),
    async connectionTerms(profileId, purpose, signal) {
      const profile = get(profileId);
      const [stored, keyPassphrase] = await Promise.all([
        passwords.stored(profile),
        passphrases.stored(profile),
      ]);
      const secrets = {
        passwordFor: async (target: ProfileDraft) => stored ?? (await passwords.fromPgpass(target)),
        keyPassphrase,
      };
      return await connectionTermsOf(profile, secrets, purpose, signal);
    },
    saveSample: (draft, password) => inTurn(() => saveSample(draft, password)),
    onChanged: (listener) => void listeners.push(listener),
    close: () =>
      inTurn(async () => {
        transfer.close();
        for (const { profile, password, keyPassphrase } of deleted.values()) {
          if (password === null) await forget(passwords, profile);
          if (keyPassphrase === null) await forget(passphrases, profile);
        }
        deleted.clear();
      }),
  };
}

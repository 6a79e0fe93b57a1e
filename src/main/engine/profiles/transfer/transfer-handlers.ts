import { randomUUID } from 'node:crypto';
import type { Handlers } from '#shared/contract/define.ts';
import type { ImportedProfile, profileTransferRoutes } from '#shared/contract/profile-transfer.ts';
import type { PasswordChange } from '#shared/model/profile.ts';
import { type ProfileDraft, profileDraftSchema } from '#shared/model/profile.ts';
import { fileTimestamp } from '../../base/atomic-file.ts';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import type { EnginePorts } from '../../ports.ts';
import type { Profile } from '../profile.ts';
import { readTlsFiles } from '../tls-files.ts';
import { type ExportedProfile, writePoolscopeFile } from './poolscope-file.ts';
import { Previews } from './previews.ts';
import { readImport } from './read-import.ts';
import { completed, type Reading } from './reading.ts';

/** A profile to be saved; with `replaceProfileId` in the place of that one, which keeps what the import lacks. */
export interface WantedProfile {
  draft: ProfileDraft;
  password: PasswordChange;
  keyPassphrase: PasswordChange;
  replaceProfileId: string | null;
}

interface Deps {
  list(): readonly Profile[];
  /** All or none. */
  saveAll(wanted: WantedProfile[]): Promise<{ created: string[]; replaced: string[] }>;
  /** What is stored, for an export. Throws `not_found`, `vault_failed`. */
  exported(profileId: string, withSecrets: boolean): Promise<ExportedProfile>;
  /** As typed in, or with `keep` as stored. */
  keyPassphraseOf(change: PasswordChange, profileId: string | null): Promise<string | undefined>;
  saveFile: EnginePorts['saveFile'];
  clock: Clock;
  environment: NodeJS.ProcessEnv;
}

export interface Transfer {
  handlers: Handlers<typeof profileTransferRoutes>;
  callerGone(callerId: string): void;
  close(): void;
}

const targetOf = ({ host, port, database, user }: ProfileDraft) =>
  JSON.stringify([host, port, database, user]);

const orKeep = (value: string | null): PasswordChange =>
  value === null ? { kind: 'keep' } : { kind: 'set', value };

function refused(message: string, remedy: string): EngineError {
  return new EngineError('bad_input', message, { remedy });
}

/** Import and export of profiles: previews are held here, secrets included, until they are applied. */
export function createTransfer(deps: Deps): Transfer {
  const previews = new Previews();

  function viewOf(key: string, reading: Reading): ImportedProfile {
    const { draft, problems } = completed(reading);
    const same = deps
      .list()
      .find((profile) => profile.kind === 'user' && targetOf(profile) === targetOf(draft));
    return {
      ...{ key, draft, problems, understood: reading.understood, notUnderstood: reading.notUnderstood },
      hasPassword: reading.password !== null,
      hasKeyPassphrase: reading.keyPassphrase !== null,
      replaces: same === undefined ? null : { profileId: same.profileId, name: same.name },
    };
  }

  function wantedOf(
    readings: Map<string, Reading>,
    { key, name, replaceProfileId }: { key: string; name: string; replaceProfileId: string | null },
  ): WantedProfile {
    const reading = readings.get(key);
    if (reading === undefined)
      throw refused('That connection is not part of the preview.', 'Read the settings again.');
    const replaced = deps.list().find(({ profileId }) => profileId === replaceProfileId);
    const { draft, problems } = completed(reading, replaced);
    const [problem] = problems;
    if (problem !== undefined)
      throw refused(
        `"${name || draft.name}" cannot be imported: ${problem}`,
        'Leave it out, or mend the text and read it again.',
      );
    const named = profileDraftSchema.safeParse({ ...draft, name });
    if (!named.success)
      throw refused(named.error.issues[0]?.message ?? 'That name will not do.', 'Choose another name.');
    const { password, keyPassphrase } = reading;
    return {
      draft: named.data,
      password: orKeep(password),
      keyPassphrase: orKeep(keyPassphrase),
      replaceProfileId,
    };
  }

  return {
    handlers: {
      async 'profiles.previewImport'(input, { callerId }) {
        const { source, readings, notUnderstood } = await readImport(input, deps.environment);
        const importId = randomUUID();
        const keyed = new Map(readings.map((reading, index) => [String(index + 1), reading]));
        previews.hold(callerId, importId, keyed);
        const profiles = [...keyed].map(([key, reading]) => viewOf(key, reading));
        return { importId, source, profiles, notUnderstood };
      },
      async 'profiles.applyImport'({ importId, choices }, { callerId }) {
        const readings = previews.get(callerId, importId);
        const places = choices.flatMap(({ replaceProfileId }) => replaceProfileId ?? []);
        if (new Set(places).size < places.length)
          throw refused(
            'Two of them would replace the same connection.',
            'Choose a connection of its own for each.',
          );
        if (new Set(choices.map(({ key }) => key)).size < choices.length)
          throw refused('One of them is chosen twice.', 'Choose each once.');
        const outcome = await deps.saveAll(choices.map((choice) => wantedOf(readings, choice)));
        previews.drop(callerId);
        return outcome;
      },
      async 'profiles.export'({ profileIds, passphrase }, { callerId, signal }) {
        const profiles: ExportedProfile[] = [];
        for (const profileId of new Set(profileIds))
          profiles.push(await deps.exported(profileId, passphrase !== ''));
        // Made before the place is asked for: a vault that cannot be read leaves no empty file.
        const text = await writePoolscopeFile(profiles, passphrase);
        return await deps.saveFile({
          callerId,
          suggestedName: `poolscope-connections-${fileTimestamp(deps.clock.nowMs())}.json`,
          mimeType: 'application/json',
          content: async function* () {
            yield text;
          },
          signal,
        });
      },
      async 'profiles.checkFiles'({ draft, keyPassphrase, profileId }) {
        const secret = await deps.keyPassphraseOf(keyPassphrase, profileId);
        const { problems } = await readTlsFiles(draft, secret);
        return { fields: { ...problems } };
      },
    },
    callerGone: (callerId) => previews.drop(callerId),
    close: () => previews.close(),
  };
}

import { type SettingName, sameSetting } from '../profile/labels.ts';
import { type ProfileDraft, profileDefaults } from '../profile.ts';
import type { TranslationNote } from './translation.ts';

/** A sentence about `settings` when `applies`; nothing otherwise. */
export const noteIf = (applies: boolean, settings: SettingName[], sentence: string): TranslationNote[] =>
  applies ? [{ settings, sentence }] : [];

/** A sentence about those of `settings` that are not at their default; nothing when all are. */
export function noteUnlessDefault(
  draft: ProfileDraft,
  settings: SettingName[],
  sentence: string,
): TranslationNote[] {
  const changed = settings.filter((name) => !sameSetting(draft[name], profileDefaults[name]));
  return noteIf(changed.length > 0, changed, sentence);
}

/** What only Poolscope has, whatever the library. */
export const poolscopeNotes = (draft: ProfileDraft): TranslationNote[] =>
  noteUnlessDefault(
    draft,
    [
      'healthIntervalMs',
      'healthTimeoutMs',
      'healthStatement',
      'logStatements',
      'readOnly',
      'queryWrites',
      'idlePoolCloseMs',
    ],
    'This is how Poolscope itself watches and protects the server; nothing stands for it in the text.',
  );

/** Retries and breaker, where the library has neither or its own. */
export const resilienceNotes = (draft: ProfileDraft, sentence: string): TranslationNote[] =>
  noteIf(
    draft.retries > 0 || draft.breakerThreshold > 0,
    ['retries', 'retryDelayMs', 'breakerThreshold', 'breakerHalfOpenMs'],
    sentence,
  ).concat(
    noteIf(
      draft.retries === 0 && draft.breakerThreshold === 0,
      ['retries', 'retryDelayMs', 'breakerThreshold', 'breakerHalfOpenMs'],
      'Off here, as there.',
    ),
  );

export const overflowNote = (draft: ProfileDraft, maximum: string, closes: string): TranslationNote[] =>
  noteIf(
    draft.overflow > 0,
    ['overflow', 'max'],
    `${maximum} holds both, ${draft.max + draft.overflow}: there is no overflow that is closed on return; ${closes}.`,
  );

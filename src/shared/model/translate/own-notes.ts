import { type SettingName, sameSetting } from '../profile/labels.ts';
import { type ProfileDraft, profileDefaults } from '../profile.ts';
import type { TranslationNote } from './translation.ts';

/** A sentence about those of `settings` that are not at their default; nothing when all are. */
export function noteUnlessDefault(
  draft: ProfileDraft,
  settings: SettingName[],
  sentence: string,
): TranslationNote[] {
  const changed = settings.filter((name) => !sameSetting(draft[name], profileDefaults[name]));
  return changed.length === 0 ? [] : [{ settings: changed, sentence }];
}

/** What only Poolscope has, whatever the library. */
export const poolscopeNotes = (draft: ProfileDraft): TranslationNote[] => [
  ...noteUnlessDefault(
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
    'How Poolscope itself watches and protects the server; an application has no use for it.',
  ),
];

export const noRetries = (draft: ProfileDraft, sentence: string): TranslationNote[] => [
  {
    settings: ['retries', 'retryDelayMs', 'breakerThreshold', 'breakerHalfOpenMs'].filter(
      (name) =>
        name === 'retries' ||
        name === 'breakerThreshold' ||
        !sameSetting(draft[name as SettingName], profileDefaults[name as SettingName]),
    ) as SettingName[],
    sentence,
  },
];

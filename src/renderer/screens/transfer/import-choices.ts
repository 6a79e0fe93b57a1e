import type { ImportedProfile, ImportPreview } from '#shared/contract/profile-transfer.ts';

/** What the user decided about one profile of an import. */
export interface ImportChoice {
  taken: boolean;
  name: string;
  /** Null adds it as a new connection. */
  replaceProfileId: string | null;
}

/** To begin with: everything that can be taken is, as new connections; nothing saved is replaced unasked. */
export function firstChoices({ profiles }: ImportPreview): Record<string, ImportChoice> {
  return Object.fromEntries(
    profiles.map(({ key, draft, problems }) => [
      key,
      { taken: problems.length === 0, name: draft.name, replaceProfileId: null },
    ]),
  );
}

/** One sentence when a choice will not do; null when it will. */
export function choiceProblem(choice: ImportChoice): string | null {
  if (!choice.taken) return null;
  const name = choice.name.trim();
  if (name === '') return 'Name must not be empty.';
  return name.length > 80 ? 'Name can be at most 80 characters long.' : null;
}

/** Those that are taken, as the call wants them. */
export const takenChoices = (
  profiles: readonly ImportedProfile[],
  choices: Readonly<Record<string, ImportChoice>>,
) =>
  profiles.flatMap(({ key }) => {
    const choice = choices[key];
    if (choice === undefined || !choice.taken) return [];
    return [{ key, name: choice.name.trim(), replaceProfileId: choice.replaceProfileId }];
  });

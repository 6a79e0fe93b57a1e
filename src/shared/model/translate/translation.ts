import type { SettingName } from '../profile/labels.ts';
import type { ProfileDraft } from '../profile.ts';

/** Settings as another library would have them; what it says nothing of is absent. */
export type Settings = { -readonly [K in SettingName]?: ProfileDraft[K] };

/** What has no equal there, or only a near one, and what happens instead. */
export interface TranslationNote {
  settings: SettingName[];
  sentence: string;
}

export interface Translation {
  /** Ready to copy. The password is never in it: it comes from the environment variable PGPASSWORD. */
  text: string;
  notes: TranslationNote[];
}

export interface UnderstoodPart {
  /** Where it stands, from 1; 0 for what the library does unasked. */
  line: number;
  from: string;
  to: string;
}

export interface Reading {
  settings: Settings;
  understood: UnderstoodPart[];
  /** What the library does where the text is silent. */
  implied: { settings: Settings; understood: UnderstoodPart[] };
  notUnderstood: { line: number; from: string; why: string }[];
  /** Why parts of the text could not be read, or their values not be taken. */
  problems: { line: number; message: string }[];
}

/** One library's way to write down a pool. */
export interface Translator {
  id: string;
  /** "SQLAlchemy (async)" */
  label: string;
  /** What a file with this text is called. */
  fileName: string;
  to(draft: ProfileDraft): Translation;
  from(text: string): Reading;
}

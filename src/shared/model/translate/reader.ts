import { type SettingName, settingLabels, settingWords } from '../profile/labels.ts';
import { profileFields } from '../profile.ts';
import type { Reading, Settings } from './translation.ts';

/** The longest text that is looked at, in characters. */
const longestText = 200_000;

/** Collects what a text says while it is read. Values are checked as they come. */
export interface Reader extends Reading {
  /** Takes values over; one that its own schema refuses becomes a problem. */
  take(line: number, from: string, settings: Settings): void;
  /** What the library does by itself, unless the text said otherwise. Called last. */
  imply(from: string, settings: Settings): void;
  leave(line: number, from: string, why?: string): void;
  complain(line: number, message: string): void;
}

export const noSuchSetting = 'Poolscope has no such setting.';

function refusal(settings: Settings): string | null {
  for (const [name, value] of Object.entries(settings)) {
    const checked = profileFields[name as SettingName].safeParse(value);
    if (!checked.success) return checked.error.issues[0]?.message ?? 'This value cannot be taken.';
  }
  return null;
}

const words = (settings: Settings): string =>
  Object.entries(settings)
    .map(
      ([name, value]) => `${settingLabels[name as SettingName]}: ${settingWords(name as SettingName, value)}`,
    )
    .join('; ');

export function createReader(): Reader {
  /** Named in the text, but with a value that cannot be taken: no default stands in for it. */
  const refused = new Set<string>();
  const reader: Reader = {
    settings: {},
    understood: [],
    implied: { settings: {}, understood: [] },
    notUnderstood: [],
    problems: [],
    take(line, from, settings) {
      const message = refusal(settings);
      if (message !== null) {
        for (const name of Object.keys(settings)) refused.add(name);
        return reader.complain(line, `${shorten(from)}: ${message}`);
      }
      Object.assign(reader.settings, settings);
      reader.understood.push({ line, from: shorten(from), to: words(settings) });
    },
    imply(from, settings) {
      const left = Object.fromEntries(
        Object.entries(settings).filter(
          ([name]) => !Object.hasOwn(reader.settings, name) && !refused.has(name),
        ),
      ) as Settings;
      if (Object.keys(left).length === 0 || refusal(left) !== null) return;
      Object.assign(reader.implied.settings, left);
      reader.implied.understood.push({ line: 0, from, to: words(left) });
    },
    leave(line, from, why = noSuchSetting) {
      reader.notUnderstood.push({ line, from: shorten(from), why });
    },
    complain(line, message) {
      reader.problems.push({ line, message });
    },
  };
  return reader;
}

/** A text that cannot be any configuration: nothing, a binary file, or far too long. Null when it may be one. */
export function unreadable(text: string): Reading | null {
  const reader = createReader();
  if (text.trim() === '') reader.complain(1, 'There is no text to read.');
  else if (text.length > longestText)
    reader.complain(1, 'The text is longer than 200,000 characters: paste only the part about the pool.');
  else if (text.includes('\u0000') || text.includes('\ufffd'))
    reader.complain(1, 'This is not text: it holds characters of a binary file.');
  return reader.problems.length > 0 ? reader : null;
}

/** "password = ••••": what is quoted back on screen must not hold a secret. */
const secret = /((?:password|passwd|pwd)["']?\s*(?:=|:|\))\s*)\S.*/i;
const credentials = /(:\/\/[^\s:/@]*:)[^\s/]*@/g;

function shorten(from: string): string {
  const line = from.replaceAll(/\s+/g, ' ').trim().replace(credentials, '$1••••@').replace(secret, '$1••••');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

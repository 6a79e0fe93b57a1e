import { parseConnectionUrl } from '#shared/model/connection-url.ts';
import {
  emptyReading,
  type ImportReading,
  ignore,
  type Reading,
  take,
  takeSecret,
  unreadable,
} from './reading.ts';

/** Takes over what an address says. Its problems become the reading's. */
export function takeUrl(reading: Reading, from: string, url: string): void {
  const parsed = parseConnectionUrl(url);
  if (!parsed.ok) {
    reading.problems.push(...parsed.problems.map(({ message }) => message));
    return;
  }
  for (const [field, value] of Object.entries(parsed.draft)) take(reading, from, { [field]: value });
  if (parsed.password !== null) takeSecret(reading, from, 'password', parsed.password);
  for (const name of parsed.ignored) ignore(reading, name, 'Poolscope has no such setting.');
  for (const note of parsed.notes) ignore(reading, from, note);
}

/** One address, "postgres://…". @throws `bad_input` */
export function readUrl(text: string): ImportReading {
  const reading = emptyReading();
  takeUrl(reading, 'address', text.trim());
  const [problem] = reading.problems;
  if (problem !== undefined) throw unreadable(problem);
  return { readings: [reading], notUnderstood: [] };
}

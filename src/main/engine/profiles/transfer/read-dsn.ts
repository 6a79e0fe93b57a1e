import { isLibpqKeyword, readLibpqParameters } from './libpq-parameters.ts';
import { emptyReading, type ImportReading, quotedName, unreadable } from './reading.ts';

/** Splits "host=a password='b c'" as libpq does (conninfo_parse in fe-connect.c). @throws `bad_input` */
export function splitDsn(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const lineAt = (at: number) => text.slice(0, at).split('\n').length;
  let at = 0;
  // After a password a word may be its tail.
  const mayQuote = (keyword: string) =>
    /^[a-z_]+$/.test(keyword) && !parameters.has('password') && !parameters.has('sslpassword');
  const skipSpace = () => {
    while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
  };
  for (skipSpace(); at < text.length; skipSpace()) {
    const start = at;
    while (at < text.length && !/[\s=]/.test(text.charAt(at))) at += 1;
    const keyword = text.slice(start, at);
    skipSpace();
    // Not quoted: what stands without a name may be the tail of a password.
    if (text.charAt(at) !== '=' || keyword === '')
      throw unreadable(
        `Line ${lineAt(start)}: a word without "=" after it; values with spaces stand in single quotes.`,
      );
    at += 1;
    skipSpace();
    let value = '';
    const isQuoted = text.charAt(at) === "'";
    if (isQuoted) at += 1;
    for (;;) {
      if (at >= text.length) {
        if (isQuoted)
          throw unreadable(`Line ${lineAt(start)}: the quote of ${quotedName(keyword)} is never closed.`);
        break;
      }
      const char = text.charAt(at);
      if (isQuoted ? char === "'" : /\s/.test(char)) break;
      if (char === '\\') at += 1;
      value += text.charAt(at);
      at += 1;
    }
    if (isQuoted) at += 1;
    if (!isLibpqKeyword(keyword))
      throw unreadable(
        `Line ${lineAt(start)}: ${mayQuote(keyword) ? quotedName(keyword) : 'a word'} is no keyword of a connection string.`,
      );
    parameters.set(keyword, value);
  }
  return parameters;
}

/** A keyword connection string: "host=localhost port=5432 dbname=shop". */
export function readDsn(text: string): ImportReading {
  const reading = emptyReading();
  const parameters = splitDsn(text);
  if (parameters.size === 0) throw unreadable('The text holds no settings.');
  readLibpqParameters(reading, parameters);
  return { readings: [reading], notUnderstood: [] };
}

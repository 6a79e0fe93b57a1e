import { isLibpqKeyword, readLibpqParameters } from './libpq-parameters.ts';
import { emptyReading, type ImportReading, quotedName, type Reading, unreadable } from './reading.ts';

/** `pg_service.conf`: a section for each service (PostgreSQL documentation, "The Connection Service File"). */
export function readServiceFile(text: string): ImportReading {
  const sections: { reading: Reading; parameters: Map<string, string> }[] = [];
  const seen = new Set<string>();
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    const where = `Line ${index + 1}`;
    if (line === '' || line.startsWith('#')) continue;
    const heading = /^\[(.*)\]$/.exec(line)?.[1];
    if (line.startsWith('[')) {
      if (heading === undefined || heading === '')
        throw unreadable(`${where}: the name of a service stands in brackets, as [name].`);
      if (seen.has(heading))
        throw unreadable(`${where}: the service ${quotedName(heading)} stands there twice.`);
      seen.add(heading);
      sections.push({ reading: emptyReading(heading), parameters: new Map() });
      continue;
    }
    const current = sections.at(-1);
    if (current === undefined)
      throw unreadable(`${where}: settings come after the name of a service, [name].`);
    if (line.startsWith('ldap')) {
      current.reading.notUnderstood.push({ from: 'ldap', why: 'Poolscope asks no LDAP server.' });
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 1) throw unreadable(`${where}: a setting is written as name=value.`);
    const keyword = line.slice(0, equals).trim();
    if (!isLibpqKeyword(keyword))
      throw unreadable(
        `${where}: ${/^\w+$/.test(keyword) ? quotedName(keyword) : 'the word before "="'} is no setting of a service.`,
      );
    // The first one counts, as in libpq.
    if (!current.parameters.has(keyword)) current.parameters.set(keyword, line.slice(equals + 1).trim());
  }
  if (sections.length === 0) throw unreadable('The text names no service, as [name].');
  for (const { reading, parameters } of sections) readLibpqParameters(reading, parameters);
  return { readings: sections.map(({ reading }) => reading), notUnderstood: [] };
}

import { EngineError } from '../base/errors.ts';
import { qualified } from './names-table.ts';
import type { Queryable } from './transaction.ts';

const pieceLength = 64 * 1024;

const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value in COPY's text format: four characters have a meaning there. */
const copyText = (name: string): string =>
  /[\\\n\r\t]/.test(name) ? name.replaceAll(/[\\\n\r\t]/g, (found) => escapes[found] as string) : name;

/** Lines of COPY in pieces; `onSent` hears how many names are in those taken so far. */
function* copyLines(names: readonly string[], onSent: (sent: number) => void): Generator<Buffer> {
  let text = '';
  for (const [at, name] of names.entries()) {
    text += `${copyText(name)}\n`;
    if (text.length < pieceLength && at < names.length - 1) continue;
    yield Buffer.from(text);
    text = '';
    onSent(at + 1);
  }
}

/**
 * Adds names in their order, by COPY. To be run in a transaction.
 * @throws EngineError `database_error` when a trigger kept some out, for then not all would be there
 */
export async function copyNames(
  client: Queryable,
  schema: string,
  names: readonly string[],
  onSent: (sent: number) => void,
): Promise<number> {
  const text = `copy ${qualified(schema)} (name) from stdin with (format text, encoding 'UTF8')`;
  const added = await client.copyIn(text, copyLines(names, onSent));
  if (added === names.length) return added;
  const message = `The server took ${added} of ${names.length} names; a rule or trigger may be in the way.`;
  throw new EngineError('database_error', message);
}

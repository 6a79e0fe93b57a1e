import { validateHeaderName, validateHeaderValue } from 'node:http';
import { EngineError } from '../../base/errors.ts';

/** What is said of the body, and how it is sent, is not the user's to say. */
const ours = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'host',
  'connection',
  'transfer-encoding',
]);

const invalid = (line: number, problem: string): EngineError =>
  new EngineError('bad_input', `Line ${line} of the headers ${problem}.`, {
    remedy: 'Write one header a line, as in "Authorization: Bearer abc".',
    fields: { headers: `Line ${line} ${problem}.` },
  });

/** Reads headers, one a line. No error text holds any of them. @throws EngineError `bad_input` */
export function parseHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) throw invalid(index + 1, 'has no colon after the name');
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw invalid(index + 1, 'holds a character that headers cannot have');
    }
    if (value === '') throw invalid(index + 1, 'has no value');
    if (ours.has(name.toLowerCase())) throw invalid(index + 1, 'names a header that Poolscope sets itself');
    headers[name] = value;
  }
  return headers;
}

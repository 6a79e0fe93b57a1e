/** A Python string literal for any text. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\x7f');

export const python = (value: string | number | boolean): string => {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : quoted(value);
};

/** Milliseconds as seconds: 1500 is 1.5. */
export const inSeconds = (ms: number): number => ms / 1000;

/** `{"a": 1, …}` over several lines, indented by `depth` steps of four. */
export function pythonDict(pairs: [string, string][], depth: number): string {
  const pad = '    '.repeat(depth);
  return `{\n${pairs.map(([key, value]) => `${pad}    ${quoted(key)}: ${value},\n`).join('')}${pad}}`;
}

export const pythonCall = (name: string, args: [string, string][]): string =>
  `${name}(\n${args.map(([key, value]) => `    ${key === '' ? '' : `${key}=`}${value},\n`).join('')})\n`;

/** The password comes from the environment, so that the text holds no secret. */
export const passwordFromEnvironment = 'os.environ["PGPASSWORD"]';

/** "Never", for libraries that have no word for it: ten years. */
export const tenYearsSeconds = 315_360_000;

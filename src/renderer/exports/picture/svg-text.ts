import { plainLine } from '../plain-line.ts';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an SVG's content or an attribute's value: one line, nothing of it markup, nothing XML forbids. */
export function svgText(text: string): string {
  return plainLine(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] as string);
}

/** Mean width of a letter of the system's typefaces, as a share of the font's size. */
const letterShare = 0.54;

/** About how wide text will be; there is no page to measure on. East Asian letters count double. */
export function roughWidthPx(text: string, fontPx: number): number {
  let letters = 0;
  for (const letter of text) letters += (letter.codePointAt(0) ?? 0) >= 0x1100 ? 1.9 : 1;
  return letters * letterShare * fontPx;
}

/** Text cut to about a width, with an ellipsis where something is left out. */
export function cutToWidth(text: string, fontPx: number, widthPx: number): string {
  const line = plainLine(text);
  if (roughWidthPx(line, fontPx) <= widthPx) return line;
  let cut = '';
  for (const letter of line) {
    if (roughWidthPx(`${cut}${letter}…`, fontPx) > widthPx) break;
    cut += letter;
  }
  return `${cut.trimEnd()}…`;
}

type Attributes = Record<string, string | number | undefined>;

/** One element as markup. Attribute values are escaped; `content` must be markup already. */
export function tag(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? tenth(value) : svgText(String(value))}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

const tenth = (value: number) => Math.round(value * 10) / 10;

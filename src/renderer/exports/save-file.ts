import { plainLine } from './plain-line.ts';

/** Follows an address that answers with a file. The page stays where it is. */
export function startDownload(url: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}

/** How long the browser may take to begin reading what it was handed. */
const readWithinMs = 60_000;

/** Hands a file made in this page to the browser, which saves or asks as it does with any download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  startDownload(url, fileName);
  setTimeout(() => URL.revokeObjectURL(url), readWithinMs);
}

const two = (value: number) => String(value).padStart(2, '0');

/**
 * "poolscope-orders-wait-time-20261004T120300Z.png": the parts in letters that every file system
 * takes, and when the range begins in UTC. A name without such letters is left out.
 */
export function fileNameOf(words: readonly string[], fromMs: number, extension: string): string {
  const slugs = words.map(slug).filter((word) => word !== '');
  const at = new Date(fromMs);
  const day = `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`;
  const time = `${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}`;
  return `${['poolscope', ...slugs, `${day}T${time}Z`].join('-')}.${extension}`;
}

function slug(text: string): string {
  return plainLine(text)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
}

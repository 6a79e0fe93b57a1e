const importLimitBytes = 10 * 1024 * 1024;

/** Why a text is too large to be imported, in one sentence; null when it is not. */
export function importTooLarge(bytes: number): string | null {
  if (bytes <= importLimitBytes) return null;
  return `The text has ${(bytes / 1024 / 1024).toFixed(1)} MB; settings of connections have 10 MB at most.`;
}

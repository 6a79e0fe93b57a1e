/** Largest text that is read, in characters and bytes; settings are never that long. */
export const maxTextBytes = 10 * 1024 * 1024;

/** What came of reading a file: its text, or one sentence on why it will not do. */
export type ReadText = { ok: true; text: string } | { ok: false; problem: string };

/** Why a text cannot hold settings, whatever their format; null when it may. */
export function textProblem(text: string): string | null {
  if (text.length > maxTextBytes) {
    return `The text is longer than 10 MB, and settings never are. Choose the file that holds only them.`;
  }
  if (text.includes('\u0000')) return 'This is not text: it holds NUL bytes. Choose a text file.';
  return null;
}

/** Reads a file the user chose, as UTF-8 with or without its mark. */
export async function readTextFile(file: File): Promise<ReadText> {
  if (file.size > maxTextBytes) {
    return {
      ok: false,
      problem: `"${file.name}" is larger than 10 MB, and settings never are. Choose the file that holds only them.`,
    };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    const problem = textProblem(text);
    return problem === null ? { ok: true, text } : { ok: false, problem };
  } catch (error) {
    const problem =
      error instanceof TypeError
        ? `"${file.name}" is not UTF-8 text. Save it as UTF-8, or choose another file.`
        : `"${file.name}" could not be read. Check that it is still there and that you may read it.`;
    return { ok: false, problem };
  }
}

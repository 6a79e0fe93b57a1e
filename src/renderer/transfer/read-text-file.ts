import { importTooLarge } from '#shared/model/import-limit.ts';

/** What came of reading a file: its text, or one sentence on why it will not do. */
export type ReadText = { ok: true; text: string } | { ok: false; problem: string };

/** Reads a file the user chose, as UTF-8 with or without its mark. One that is too large is not read. */
export async function readTextFile(file: File): Promise<ReadText> {
  const tooLarge = importTooLarge(file.size);
  if (tooLarge !== null) return { ok: false, problem: `"${file.name}" is too large. ${tooLarge}` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    if (!text.includes('\u0000')) return { ok: true, text };
    return { ok: false, problem: `"${file.name}" holds NUL bytes: it is no text. Choose a text file.` };
  } catch (error) {
    const problem =
      error instanceof TypeError
        ? `"${file.name}" is not UTF-8 text. Save it as UTF-8, or choose another file.`
        : `"${file.name}" could not be read. Check that it is still there and that you may read it.`;
    return { ok: false, problem };
  }
}

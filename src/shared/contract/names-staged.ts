import * as z from 'zod/mini';
import { route } from './define.ts';

/** A file or pasted text on its way into the table: sent in parts, understood, looked at, then added. */
const stageId = z.string().check(z.minLength(1), z.maxLength(64));

/** The most that is taken of one file or paste. */
export const maxStagedBytes = 64 * 2 ** 20;
/** The most that one part may hold; a message over a socket holds 1 MiB. */
export const maxPartBytes = 512 * 1024;

/** Encodings that are offered, by their labels in the WHATWG standard. */
export const textEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'iso-8859-2',
  'windows-1251',
  'shift_jis',
  'gb18030',
] as const;
export type TextEncoding = (typeof textEncodings)[number];

/** How to read the text. `auto` is found out, and the preview tells what was found. */
export const readingSchema = z.object({
  encoding: z.enum(['auto', ...textEncodings]),
  /** `lines`: one name a line, everything in it. */
  layout: z.enum(['auto', 'lines', 'comma', 'semicolon', 'tab']),
  /** Whether the first line names the columns. */
  header: z.enum(['auto', 'yes', 'no']),
  /** Which column holds the names, from 0; null to find out. */
  column: z.nullable(z.int().check(z.gte(0), z.lte(999))),
  /** Leaves out blanks around each name. */
  trim: z.boolean(),
});
export type Reading = z.output<typeof readingSchema>;

/** Why a line gives no name. */
export type SkipReason = 'empty' | 'tooLong' | 'nul' | 'noColumn' | 'malformed' | 'unpaired';

/** What was understood of a file or paste. Nothing is in the table yet. */
export interface StagedPreview {
  stageId: string;
  /** Names that would be added. */
  count: number;
  /** The first of them, with the line each begins on. */
  first: { line: number; name: string }[];
  /** Names that stand there more than once, beyond the first. They are added all the same. */
  repeated: number;
  skipped: { reason: SkipReason; count: number; lines: number[] }[];
  /** The columns found, by their titles or "Column 1"…; empty for lines. */
  columns: string[];
  /** What `auto` came to. */
  reading: {
    encoding: TextEncoding;
    layout: 'lines' | 'comma' | 'semicolon' | 'tab';
    header: boolean;
    column: number;
  };
}

export const stagedNamesRoutes = {
  /**
   * Takes the next part of a file or paste, base64. The first part of a new `stageId` begins it and
   * ends what this caller staged before. Answers with the bytes taken so far.
   */
  'names.stage': route<{ bytes: number }>()(
    z.object({ stageId, offset: z.int().check(z.gte(0)), base64: z.string().check(z.maxLength(900_000)) }),
  ),
  /** Reads what was staged. May be asked again with another reading. */
  'names.preview': route<StagedPreview>()(
    z.object({ stageId, fileName: z.nullable(z.string().check(z.maxLength(300))), reading: readingSchema }),
  ),
  /** Forgets it. Unknown ids are ignored. */
  'names.unstage': route<{ stageId: string }>()(z.object({ stageId })),
};

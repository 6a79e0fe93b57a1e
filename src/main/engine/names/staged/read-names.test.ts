import { describe, expect, it } from 'vitest';
import type { Reading } from '#shared/contract/names-staged.ts';
import { readNames } from './read-names.ts';

const auto: Reading = { encoding: 'auto', layout: 'auto', header: 'auto', column: null, trim: true };
const { signal } = new AbortController();
const bytes = (text: string | number[]) => (typeof text === 'string' ? Buffer.from(text) : Buffer.from(text));
const read = (text: string | Uint8Array, fileName: string | null = null, reading: Partial<Reading> = {}) =>
  readNames(typeof text === 'string' ? bytes(text) : text, fileName, { ...auto, ...reading }, signal);
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('what is understood of a file or a paste', () => {
  it('is one name a line for a text file, with commas and quotes as they stand', async () => {
    const { names, told } = await read('Ann\r\nO"Neil, Bob\n\n  Zoë  ', 'people.txt');
    expect(names).toEqual(['Ann', 'O"Neil, Bob', 'Zoë']);
    expect(told).toMatchObject({
      count: 3,
      columns: [],
      reading: { encoding: 'utf-8', layout: 'lines' },
      skipped: [{ reason: 'empty', count: 1, lines: [3] }],
      first: [
        { line: 1, name: 'Ann' },
        { line: 2, name: 'O"Neil, Bob' },
        { line: 4, name: 'Zoë' },
      ],
    });
  });

  it.each([
    ['id,name\n1,Ann\n2,"Bo ""B"", jr"\n', 'comma', 1, ['Ann', 'Bo "B", jr']],
    ['Name;Born\nAnn;1990\nBob;1991', 'semicolon', 0, ['Ann', 'Bob']],
    ['1,Ann\n2,Bob', 'comma', 1, ['Ann', 'Bob']],
    ['First Name,Age\nAnn,3\n', 'comma', 0, ['Ann']],
    ['Ann\nBob', 'comma', 0, ['Ann', 'Bob']],
    ['name\n"two\nlines"\nBob', 'comma', 0, ['two\nlines', 'Bob']],
  ])('is the column of names for CSV: %j', async (text, layout, column, expected) => {
    const { names, told } = await read(text, 'people.CSV');
    expect(names).toEqual(expected);
    expect(told.reading).toMatchObject({ layout, column });
  });

  it('is the column of names for cells pasted from a spreadsheet', async () => {
    const { names, told } = await read('id\tname\n1\tAnn, M.\n2\tBob\n');
    expect(names).toEqual(['Ann, M.', 'Bob']);
    expect(told.columns).toEqual(['id', 'name']);
  });

  it('follows what the user chooses instead', async () => {
    const text = 'name,nick\nAnn,A\nBob, B ';
    const reading = { column: 1, header: 'no', trim: false } as const;
    expect((await read(text, 'a.csv', reading)).names).toEqual(['nick', 'A', ' B ']);
    expect((await read(text, 'a.csv', { layout: 'lines' })).names).toEqual(['name,nick', 'Ann,A', 'Bob, B']);
  });

  it('leaves out, with the reason and the line, what is no name', async () => {
    const long = 'x'.repeat(10_001);
    const { names, told } = await read(
      `id,name\n1,Ann\n2,a\0b\n3,${long}\n4\n5, \n6,Bob\n7,"open\n8,lost\n`,
      'a.csv',
    );
    expect(names).toEqual(['Ann', 'Bob']);
    expect(told.skipped).toEqual([
      { reason: 'nul', count: 1, lines: [3] },
      { reason: 'tooLong', count: 1, lines: [4] },
      { reason: 'noColumn', count: 1, lines: [5] },
      { reason: 'empty', count: 1, lines: [6] },
      { reason: 'malformed', count: 1, lines: [8] },
    ]);
  });

  it('counts names that come again, and keeps them', async () => {
    const { names, told } = await read('Ann\nBob\nAnn\nAnn');
    expect(names).toHaveLength(4);
    expect(told.repeated).toBe(2);
  });

  it.each([
    ['UTF-8 with a mark', Buffer.concat([bytes([0xef, 0xbb, 0xbf]), bytes('Zoë')]), 'utf-8'],
    ['UTF-16 with a mark', Buffer.concat([bytes([0xff, 0xfe]), utf16('Zoë')]), 'utf-16le'],
    ['UTF-16 without one', utf16('Zoë\nAnn\n'), 'utf-16le'],
    ['UTF-16 big-endian', utf16('Zoë\nAnn\n').swap16(), 'utf-16be'],
  ])('is read in its encoding: %s', async (_what, file, encoding) => {
    const { names, told } = await read(file);
    expect(names[0]).toBe('Zoë');
    expect(told.reading.encoding).toBe(encoding);
  });

  it('is refused in an encoding nobody named, with the line, and read once it is named', async () => {
    const file = Buffer.from('Ann\nZo\xeb\n', 'latin1');
    await expect(read(file)).rejects.toMatchObject({
      code: 'bad_input',
      message: 'Line 2 is not UTF-8 text: it was saved in another encoding.',
    });
    expect((await read(file, null, { encoding: 'windows-1252' })).names).toEqual(['Ann', 'Zoë']);
  });

  it.each([
    [[0x50, 0x4b, 3, 4, 0, 0], 'This file is a spreadsheet or an archive, not text.'],
    [[0x1f, 0x8b, 8, 0], 'This file is a compressed file, not text.'],
  ])('is refused when it is no text at all', async (start, message) => {
    await expect(read(Buffer.from(start))).rejects.toMatchObject({ code: 'bad_input', message });
  });
});

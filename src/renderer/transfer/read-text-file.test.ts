import { describe, expect, it } from 'vitest';
import { readTextFile } from './read-text-file.ts';

describe('a file of settings', () => {
  it('is read as UTF-8, without its byte order mark', async () => {
    const file = new File([new Uint8Array([0xef, 0xbb, 0xbf]), 'DB_HOST=größe'], '.env');
    expect(await readTextFile(file)).toEqual({ ok: true, text: 'DB_HOST=größe' });
  });

  it('in another encoding is refused by name, in one sentence on what to do', async () => {
    const file = new File([new Uint8Array([0x44, 0xff, 0xfe, 0x42])], 'latin.env');
    const read = await readTextFile(file);
    expect(read).toEqual({
      ok: false,
      problem: '"latin.env" is not UTF-8 text. Save it as UTF-8, or choose another file.',
    });
  });

  it('that is binary is refused', async () => {
    const read = await readTextFile(new File(['PK\u0003\u0004\u0000\u0000'], 'app.zip'));
    expect(read).toMatchObject({ ok: false, problem: expect.stringContaining('NUL bytes') });
  });

  it('of more than 10 MB is refused unread', async () => {
    const file = new File([new Uint8Array(10 * 1024 * 1024 + 1)], 'dump.sql');
    expect(await readTextFile(file)).toMatchObject({ ok: false, problem: expect.stringContaining('10 MB') });
  });
});

import { describe, expect, it } from 'vitest';
import { plainLine } from './plain-line.ts';
import { fileNameOf } from './save-file.ts';

const at = Date.UTC(2026, 0, 4, 2, 3, 9);

describe('the name of a saved picture', () => {
  it('says what it is of and when it begins, in UTC', () => {
    expect(fileNameOf(['Orders (primary)', 'Wait time'], at, 'png')).toBe(
      'poolscope-orders-primary-wait-time-20260104T020309Z.png',
    );
  });

  it('cannot leave its folder, whatever the connection is called', () => {
    for (const name of ['../../etc/passwd', 'a\\b', 'CON', '.hidden', '日本', 'a\u0000b', '\u202egnp.exe']) {
      expect(fileNameOf([name], at, 'svg')).toMatch(/^poolscope(-[a-z0-9]+)*-20260104T020309Z\.svg$/);
    }
  });

  it('keeps letters under their accents', () => {
    expect(fileNameOf(['Zürich'], at, 'svg')).toContain('zurich');
  });
});

describe('text of others on one line', () => {
  it('neither breaks the line, nor hides, nor turns around', () => {
    expect(plainLine(' a\r\nb\u0000c\u202ed\u2067e\u2028f ')).toBe('a b c d e f');
  });

  it('keeps every letter that can be seen', () => {
    expect(plainLine('Überweisung 日本 👩‍💻')).toBe('Überweisung 日本 👩‍💻');
  });
});

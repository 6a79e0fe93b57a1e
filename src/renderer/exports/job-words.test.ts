import { describe, expect, it } from 'vitest';
import { doneInWords, expectationInWords, progressInWords, withRemedy } from './job-words.ts';

describe('an export in words', () => {
  it('says how much to expect', () => {
    expect(expectationInWords(3600, 1)).toBe('Up to 3,600 rows of 1 connection.');
    expect(expectationInWords(1, 12)).toBe('Up to 1 row of 12 connections.');
    expect(expectationInWords(0, 1)).toBe('Nothing was recorded in this range.');
  });

  it('says how far it is, and never of fewer rows than are written', () => {
    const running = {
      kind: 'running',
      rows: 1200,
      expectedRows: 3600,
      bytes: 240_000,
      downloading: false,
    } as const;
    expect(progressInWords(running)).toBe('1,200 of about 3,600 rows, 240 kB written');
    expect(progressInWords({ ...running, rows: 3700 })).toBe('3,700 rows, 240 kB written');
    expect(progressInWords({ ...running, rows: 0, bytes: 0 })).toMatch(/^Waiting/);
  });

  it('says where the file is', () => {
    const done = { kind: 'done', rows: 1, bytes: 90, fileName: 'a.csv' } as const;
    expect(doneInWords({ ...done, path: '/tmp/a.csv' })).toBe('1 row, 90 bytes: saved as /tmp/a.csv');
    expect(doneInWords({ ...done, path: null })).toContain('“a.csv”');
  });

  it("offers a way on; the engine's own comes first", () => {
    const error = { code: 'permission_denied' as const, message: 'No.', details: {} };
    expect(withRemedy(error).details.remedy).toMatch(/folder/);
    expect(withRemedy({ ...error, details: { remedy: 'Do this.' } }).details.remedy).toBe('Do this.');
    expect(withRemedy({ ...error, code: 'internal' }).details.remedy).toBeUndefined();
  });
});

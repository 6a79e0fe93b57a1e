import { describe, expect, it } from 'vitest';
import { contentDisposition } from './downloads.ts';

describe('the name of a download', () => {
  it.each([
    ['orders.csv', 'orders.csv', 'orders.csv'],
    ['a "b".csv', 'a _b_.csv', 'a%20%22b%22.csv'],
    ['Größe 📈.csv', 'Gr__e __.csv', 'Gr%C3%B6%C3%9Fe%20%F0%9F%93%88.csv'],
    [
      '../etc\\x\r\nSet-Cookie: a.csv',
      '.._etc_x__Set-Cookie: a.csv',
      '..%2Fetc%5Cx%0D%0ASet-Cookie%3A%20a.csv',
    ],
    ["it's (1)*.csv", "it's (1)*.csv", 'it%27s%20%281%29%2A.csv'],
    ['\ud800.csv', '_.csv', '%EF%BF%BD.csv'],
  ])('%j survives in both forms and breaks no header', (fileName, plain, exact) => {
    expect(contentDisposition(fileName)).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${exact}`);
  });
});

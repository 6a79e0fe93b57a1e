import { describe, expect, it } from 'vitest';
import { markdownCode, markdownTable, markdownText } from './markdown-text.ts';

/** What a Markdown reader shows for backslash-escaped text. */
const shown = (markdown: string) => markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1');

describe('a name in Markdown', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '**bold** _it_ `code` ~~gone~~',
    '[click](https://evil.example)',
    '![x](http://evil.example/p.png)',
    'a | b',
    'www.evil.example',
    '@everyone #12 &lt;',
    '1. first',
    '- item',
    'back\\slash \\| pipe',
    '$x^2$',
  ];

  it('shows as it is written', () => {
    for (const name of hostile) expect(shown(markdownText(name))).toBe(name);
  });

  it('holds nothing that Markdown would act on', () => {
    for (const name of hostile) {
      const left = markdownText(name).replace(/\\[!-/:-@[-`{-~]/g, '');
      expect(left).not.toMatch(/[`*_[\]<>#|~!&@$]|:\/\/|www\.|^\d+\.|^-/i);
    }
  });

  it('stays on its line', () => {
    expect(markdownText('a\n\n# b')).toBe('a \\# b');
    expect(markdownTable(['A', 'B'], [[markdownText('x|y'), '1']])).toBe(
      '| A | B |\n| --- | ---: |\n| x\\|y | 1 |',
    );
  });
});

describe('a target in Markdown', () => {
  it('is code, whatever backticks it holds', () => {
    expect(markdownCode('me@host:5432/db')).toBe('`me@host:5432/db`');
    expect(markdownCode('a``b`')).toBe('``` a``b` ```');
  });
});

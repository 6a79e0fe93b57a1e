import { plainLine } from '../plain-line.ts';
import type { Block, ReportDocument } from './report-document.ts';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML that shows just this text, also within a quoted attribute. */
export const escapeHtml = (text: string): string =>
  plainLine(text).replace(/[&<>"']/g, (found) => entities[found] ?? '');

const style = `
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: #fff; color: #1a2129;
  font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.4rem; } h2 { margin: 2rem 0 0; font-size: 1.15rem; } h3 { margin: 1rem 0 0; font-size: 1rem; }
p { margin: .4rem 0; } .scroll { overflow-x: auto; }
table { width: 100%; margin: .5rem 0; border-collapse: collapse; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #d6dce2; text-align: start; vertical-align: top; }
th { font-weight: 600; } tbody th { font-weight: 400; }
@media print { body { max-width: none; margin: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; } tr, li { break-inside: avoid; } }
`;

/**
 * The report as one HTML file. It fetches nothing and runs nothing: its own policy forbids it, and
 * every text in it is escaped.
 */
export function reportHtml({ title, blocks }: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${blocks.map(htmlOf).join('\n')}
</body>
</html>
`;
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escapeHtml(block.text)}</h${block.level}>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
    case 'table':
      return tableOf(block);
  }
}

function tableOf({ label, header, rows }: Extract<Block, { kind: 'table' }>): string {
  const head = header.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  const body = rows
    .map(([first = '', ...cells]) => {
      const others = cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('');
      return `<tr><th scope="row">${escapeHtml(first)}</th>${others}</tr>`;
    })
    .join('');
  return `<div class="scroll"><table aria-label="${escapeHtml(label)}"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

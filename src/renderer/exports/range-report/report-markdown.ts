import { markdownTable, markdownText } from '../report/markdown-text.ts';
import type { Block, ReportDocument } from './report-document.ts';

/** The report as Markdown; whatever stands in it shows as text. Ends with a line break. */
export function reportMarkdown({ title, blocks }: ReportDocument): string {
  return `${[`# ${markdownText(title)}`, ...blocks.map(markdownOf)].join('\n\n')}\n`;
}

function markdownOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${markdownText(block.text)}`;
    case 'text':
      return markdownText(block.text);
    case 'list':
      return block.items.map((item) => `- ${markdownText(item)}`).join('\n');
    case 'table':
      return markdownTable(
        block.header.map(markdownText),
        block.rows.map((row) => row.map(markdownText)),
      );
  }
}

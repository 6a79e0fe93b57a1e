/** A report apart from how it is shown: the page, the HTML file and the Markdown file say the same. */
export type Block =
  | { kind: 'heading'; level: 2 | 3; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: readonly string[] }
  /** The first column names the row. */
  | { kind: 'table'; label: string; header: readonly string[]; rows: readonly (readonly string[])[] };

export interface ReportDocument {
  title: string;
  blocks: readonly Block[];
}

import type { Block, ReportDocument } from '../../exports/range-report/report-document.ts';
import classes from './report.module.css';

/** A report on screen and on paper; the files it is saved to say the same. */
export function ReportPage({ document }: { document: ReportDocument }) {
  return (
    <article className={classes.report} aria-label={document.title}>
      {document.blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a report stands still.
        <Shown key={i} block={block} />
      ))}
    </article>
  );
}

function Shown({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return block.level === 2 ? <h2>{block.text}</h2> : <h3>{block.text}</h3>;
    case 'text':
      return <p>{block.text}</p>;
    case 'list':
      return (
        <ul>
          {block.items.map((item, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a report stands still.
            <li key={i}>{item}</li>
          ))}
        </ul>
      );
    case 'table':
      return <Table {...block} />;
  }
}

function Table({ label, header, rows }: Extract<Block, { kind: 'table' }>) {
  return (
    <div className={classes.scroller}>
      <table aria-label={label}>
        <thead>
          <tr>
            {header.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...cells], i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a report stands still.
            <tr key={i}>
              <th scope="row">{first}</th>
              {cells.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a report stands still.
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

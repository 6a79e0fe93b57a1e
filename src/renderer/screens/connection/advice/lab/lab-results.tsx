import { Button } from '@mantine/core';
import { CircleCheck, Copy, TriangleAlert } from 'lucide-react';
import type { LabResult, LabTraffic } from '#shared/model/lab.ts';
import { copyText } from '../../../../kit/copy-text.ts';
import advice from '../advice.module.css';
import { TableScroller } from '../table-scroller.tsx';
import classes from './lab.module.css';
import { labMarkdown } from './lab-markdown.ts';
import { cautionsOf, isWithin, resultCells, resultHeader, verdictWords } from './lab-words.ts';

interface Props {
  results: readonly LabResult[];
  traffic: LabTraffic;
  targetMs: number;
  /** No more of them will come. */
  isOver: boolean;
}

/** What was measured of each size beside what the model predicted, in words and as a table to copy. */
export function LabResults({ results, traffic, targetMs, isOver }: Props) {
  const cautions = results.flatMap((result) => cautionsOf(result, traffic));
  return (
    <>
      {/* There before its first line, so that each line is announced. */}
      <ul className={classes.verdicts} aria-live="polite">
        {results.map((result) => (
          <li key={result.size} data-met={isWithin(result, targetMs) || undefined}>
            {isWithin(result, targetMs) ? (
              <CircleCheck size={14} aria-hidden />
            ) : (
              <TriangleAlert size={14} aria-hidden />
            )}
            <span>{verdictWords(result, targetMs)}</span>
          </li>
        ))}
      </ul>
      {results.length > 0 && (
        <section className={classes.results} aria-label="Results of the Lab">
          <TableScroller label="Measured and predicted">
            <table className={advice.table}>
              <thead>
                <tr>
                  {resultHeader.map((label, i) => (
                    <th key={label} scope="col" className={i === 0 ? '' : (advice.number ?? '')}>
                      {label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {results.map((result) => (
                  <Row key={result.size} cells={resultCells(result, targetMs)} />
                ))}
              </tbody>
            </table>
          </TableScroller>
          <div className={classes.under}>
            <p className={classes.dim}>Measured, and in brackets what the model predicted.</p>
            {isOver && (
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<Copy size={12} aria-hidden />}
                onClick={() =>
                  void copyText(labMarkdown(results, traffic, targetMs), 'the results as Markdown')
                }
              >
                Copy as Markdown
              </Button>
            )}
          </div>
          {isOver && cautions.length > 0 && (
            <ul className={classes.cautions}>
              {cautions.map((caution) => (
                <li key={caution}>{caution}</li>
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  );
}

function Row({ cells: [size, ...cells] }: { cells: readonly string[] }) {
  return (
    <tr>
      <th scope="row">{size}</th>
      {cells.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a column's cell has no other name.
        <td key={i} className={advice.number}>
          {cell}
        </td>
      ))}
    </tr>
  );
}

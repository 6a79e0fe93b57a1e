import type { StagedPreview } from '#shared/contract/names-staged.ts';
import classes from './add-many.module.css';
import { skippedInWords, understood } from './words.ts';

/** What was understood: how many, the first of them, and what is left out and why. */
export function PreviewStep({ preview, fileName }: { preview: StagedPreview; fileName: string | null }) {
  return (
    <>
      <p role="status">{understood(preview, fileName)}</p>
      {preview.skipped.length > 0 && (
        <div>
          <p>Left out:</p>
          <ul className={classes.skipped} aria-label="Lines left out">
            {preview.skipped.map((entry) => (
              <li key={entry.reason}>{skippedInWords(entry)}</li>
            ))}
          </ul>
        </div>
      )}
      {preview.first.length > 0 && (
        <section className={classes.firstBox} aria-label="The first names">
          <table className={classes.first}>
            <thead>
              <tr>
                <th scope="col" className={classes.line}>
                  Line
                </th>
                <th scope="col">Name</th>
              </tr>
            </thead>
            <tbody>
              {preview.first.map(({ line, name }) => (
                <tr key={line}>
                  <td className={classes.line}>{line}</td>
                  <td>
                    <bdi>{name}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

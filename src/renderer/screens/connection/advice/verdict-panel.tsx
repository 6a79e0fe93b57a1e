import { type Advice, verdictWords } from '#shared/model/advice.ts';
import { Panel } from '../../../kit/panel.tsx';
import classes from './advice.module.css';
import { GrantNote } from './grant-note.tsx';
import { HoldersTable } from './holders-table.tsx';
import { verdictLooks } from './verdict-looks.ts';

/** What is wrong, or not, in one sentence; why; and what to do. */
export function VerdictPanel({ advice, profileId }: { advice: Advice; profileId: string }) {
  const { verdict, headline, reasons, steps, missing, holders, confidence, sightGrant } = advice;
  const { icon: Icon, tone } = verdictLooks[verdict];
  return (
    <Panel title="Verdict">
      <p className={classes.headline} role="status">
        <span className={classes.verdict} data-tone={tone}>
          <Icon size={16} aria-hidden />
          {verdictWords[verdict]}
        </span>
        <span>{headline}</span>
      </p>
      {holders.length > 0 && <HoldersTable holders={holders} profileId={profileId} />}
      <div className={classes.columns}>
        <Sentences title="Why" sentences={[...missing, ...reasons]} />
        <Sentences title="What to do" sentences={steps} />
        {confidence !== null && (
          <Sentences title={`Confidence: ${confidence.level}`} sentences={confidence.reasons} />
        )}
      </div>
      {sightGrant !== null && <GrantNote sql={sightGrant} />}
    </Panel>
  );
}

function Sentences({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className={classes.subtitle}>{title}</h3>
      <ul className={classes.sentences}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

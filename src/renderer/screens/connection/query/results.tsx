import { Button, Tabs } from '@mantine/core';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { PlanView } from '../../../query/plan/plan-view.tsx';
import classes from '../../../query/query-layout.module.css';
import { NoticeList } from '../../../query/rows/notice-list.tsx';
import { ResultView } from '../../../query/rows/result-view.tsx';
import { noticesInWords } from '../../../query/run-words.ts';
import type { QuerySession, ResultView as ResultViewName, SessionState } from './query-session.ts';

/** What came of it: the error first, then rows, plan and notices. */
export function Results({ session, state }: { session: QuerySession; state: SessionState }) {
  const { run, rows, plan, activity, view, refusal } = state;
  const error = refusal ?? run?.error ?? null;
  const notices = run?.notices.length ?? 0;
  const shown = (view === 'plan' && plan === null) || (view === 'notices' && notices === 0) ? 'rows' : view;
  return (
    <section className={classes.results} aria-label="Result">
      {error !== null && error.code !== 'cancelled' && (
        <div className={classes.error}>
          <ErrorNote error={error}>
            <ErrorPlace session={session} state={state} />
          </ErrorNote>
        </div>
      )}
      <Tabs
        className={classes.views}
        value={shown}
        keepMounted={false}
        onChange={(value) => session.show(value as ResultViewName)}
      >
        {(plan !== null || notices > 0) && (
          <Tabs.List aria-label="Parts of the result">
            <Tabs.Tab value="rows">Rows</Tabs.Tab>
            {plan !== null && <Tabs.Tab value="plan">Plan</Tabs.Tab>}
            {run !== null && notices > 0 && <Tabs.Tab value="notices">{noticesInWords(run)}</Tabs.Tab>}
          </Tabs.List>
        )}
        <Tabs.Panel className={classes.view ?? ''} value="rows" tabIndex={-1}>
          {run !== null && rows !== null ? (
            <ResultView label="Rows of the result" run={run} rows={rows} />
          ) : (
            <Nothing sending={activity?.kind === 'run'} refused={error !== null} />
          )}
        </Tabs.Panel>
        <Tabs.Panel className={classes.view ?? ''} value="plan" tabIndex={-1}>
          {plan !== null && <PlanView key={plan.plan.json} plan={plan.plan} />}
        </Tabs.Panel>
        <Tabs.Panel className={classes.view ?? ''} value="notices" tabIndex={-1}>
          {run !== null && <NoticeList notices={run.notices} dropped={run.noticesDropped} />}
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

function Nothing({ sending, refused }: { sending: boolean; refused: boolean }) {
  if (sending) return <p className={classes.nothing}>Waiting for a connection…</p>;
  if (refused) return <p className={classes.nothing}>There are no rows.</p>;
  return <p className={classes.nothing}>The rows of what you run appear here.</p>;
}

/** Where in the text it went wrong; a press goes there. */
function ErrorPlace({ session, state }: { session: QuerySession; state: SessionState }) {
  const position = (state.refusal ?? state.run?.error)?.details.position;
  const { ran } = state;
  if (position === undefined || ran === null) return null;
  const { editor } = session.statement;
  const at = ran.from + position.offset;
  const { line, column } = editor.lineColumn(at);
  return (
    <Button mt={4} variant="default" size="compact-xs" onClick={() => editor.goTo(at)}>
      Go to line {line}, column {column}
    </Button>
  );
}

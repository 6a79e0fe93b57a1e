import { Button } from '@mantine/core';
import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { type StageReport, type TestStage, testStages } from '#shared/contract/connection-test.ts';
import { formatDuration } from '../../charts/formats.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import classes from './connection-test.module.css';
import type { ConnectionTestState } from './use-connection-test.ts';

const stageTexts: Record<TestStage, { label: string; doing: string }> = {
  name: { label: 'Name', doing: 'Look up the host' },
  tcp: { label: 'TCP', doing: 'Reach the port' },
  tls: { label: 'TLS', doing: 'Agree on encryption' },
  login: { label: 'Login', doing: 'Log in to the database' },
  query: { label: 'Query', doing: 'Run SELECT 1' },
};

type Outcome = StageReport['outcome'] | 'waiting';

const outcomes: Record<Outcome, { word: string; icon: LucideIcon }> = {
  waiting: { word: 'Waiting', icon: CircleDashed },
  running: { word: 'Running', icon: LoaderCircle },
  passed: { word: 'Passed', icon: CircleCheck },
  failed: { word: 'Failed', icon: OctagonX },
  skipped: { word: 'Skipped', icon: CircleMinus },
};

function Stage({ stage, report }: { stage: TestStage; report: StageReport | undefined }) {
  const outcome = report?.outcome ?? 'waiting';
  const { word, icon: Icon } = outcomes[outcome];
  const { label, doing } = stageTexts[stage];
  return (
    <li className={classes.stage} data-outcome={outcome}>
      <Icon className={classes.icon} size={16} aria-hidden />
      <span className={classes.label}>{label}</span>
      <span className={classes.outcome}>{word}</span>
      <span className={classes.finding}>{report?.finding || doing}</span>
      <span className={classes.elapsed}>
        {report !== undefined &&
          (outcome === 'passed' || outcome === 'failed') &&
          formatDuration(report.elapsedMs)}
      </span>
      {report?.error && (
        <div className={classes.error}>
          <ErrorNote error={report.error} />
        </div>
      )}
    </li>
  );
}

/** The five stages of a connection test, ticking as they pass, and how it ended. */
export function ConnectionTest({ test, stale }: { test: ConnectionTestState; stale: boolean }) {
  const panel = useRef<HTMLElement>(null);
  const running = test.phase === 'running';
  useEffect(() => {
    // On a narrow window it stands below the fields.
    if (running) panel.current?.scrollIntoView({ block: 'nearest' });
  }, [running]);

  if (test.phase === 'idle') return null;
  return (
    <section
      ref={panel}
      className={classes.panel}
      aria-label="Connection test"
      data-stale={stale || undefined}
    >
      <h2 className={classes.title}>Connection test</h2>
      <ol className={classes.stages}>
        {testStages.map((stage) => (
          <Stage key={stage} stage={stage} report={test.stages[stage]} />
        ))}
      </ol>
      <p className={classes.summary} role="status">
        {summaryOf(test)}
        {stale && test.phase !== 'running' && ' The settings have changed since.'}
      </p>
      {test.error !== null && <ErrorNote error={test.error} />}
      {test.phase === 'running' && (
        <Button variant="default" onClick={test.cancel}>
          Cancel the test
        </Button>
      )}
    </section>
  );
}

function summaryOf(test: ConnectionTestState): string {
  switch (test.phase) {
    case 'running':
      return 'Testing…';
    case 'passed':
      return 'The connection works.';
    case 'failed':
      return 'The connection does not work yet.';
    case 'cancelled':
      return 'The test was cancelled.';
    default:
      return '';
  }
}

import { Button, Progress, SegmentedControl } from '@mantine/core';
import { History } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type AlertKind, alertKindInfo } from '#shared/model/alert-kinds.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from '../alerts-screen.module.css';
import { RuleTestResult } from './rule-test-result.tsx';
import { useRuleTest } from './use-rule-test.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const ranges = [
  { label: 'Last hour', spanMs: hourMs },
  { label: '24 h', spanMs: dayMs },
  { label: '7 days', spanMs: 7 * dayMs },
  { label: '30 days', spanMs: 30 * dayMs },
] as const;

interface Props {
  /** Null while what is typed is no rule. */
  rule: AlertRule | null;
  kind: AlertKind;
  /** A chart is gone to: what lies over it closes. */
  onLeave(): void;
}

/** What a rule, saved or not, would have done on recorded history. */
export function RuleTest({ rule, kind, onLeave }: Props) {
  const [spanMs, setSpanMs] = useState<number>(7 * dayMs);
  const { state, start, cancel } = useRuleTest();
  const asked = JSON.stringify(rule);
  // A result of another rule than the one on screen would mislead.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the rule, which is new each time
  useEffect(() => cancel, [asked, cancel]);
  const isRunning = state.kind === 'running';
  return (
    <section className={classes.test} aria-label="Test against history">
      <div className={classes.inline}>
        <h3 className={classes.subtitle}>Test against history</h3>
        {alertKindInfo[kind].hasHistory && (
          <>
            <SegmentedControl
              aria-label="Range to test on"
              data={ranges.map((range) => ({ label: range.label, value: String(range.spanMs) }))}
              value={String(spanMs)}
              onChange={(value) => {
                cancel();
                setSpanMs(Number(value));
              }}
            />
            {isRunning ? (
              <Button variant="default" onClick={cancel}>
                Cancel the test
              </Button>
            ) : (
              <Button
                variant="default"
                leftSection={<History size={14} aria-hidden />}
                disabled={rule === null}
                onClick={() => {
                  const nowMs = Math.floor(engineNowMs());
                  if (rule !== null) void start(rule, nowMs - spanMs, nowMs);
                }}
              >
                Test
              </Button>
            )}
          </>
        )}
      </div>
      {!alertKindInfo[kind].hasHistory && (
        <p className={classes.dim}>
          History does not hold this figure, so the rule cannot be tested on the past.
        </p>
      )}
      {isRunning && (
        <Progress value={state.done * 100} aria-label={`Testing: ${Math.round(state.done * 100)} %`} />
      )}
      {state.kind === 'failed' && <ErrorNote error={payloadOf(state.error)} />}
      {state.kind === 'done' && <RuleTestResult result={state.result} kind={kind} onLeave={onLeave} />}
    </section>
  );
}

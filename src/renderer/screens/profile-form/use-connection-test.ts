import { useCallback, useEffect, useRef, useState } from 'react';
import type { StageReport, TestStage } from '#shared/contract/connection-test.ts';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import { on, request } from '../../bridge/client.ts';
import { isCancelled, payloadOf } from '../../data/errors.ts';

type Stages = Partial<Record<TestStage, StageReport>>;

interface Progress {
  phase: 'idle' | 'running' | 'passed' | 'failed' | 'cancelled';
  stages: Stages;
  /** Why the test itself could not run; a failed stage carries its own error. */
  error: ErrorPayload | null;
}

export interface ConnectionTestState extends Progress {
  run: (input: Omit<RouteInput<'connectionTest.run'>, 'testId'>) => Promise<ErrorPayload | null>;
  cancel: () => void;
}

const idle: Progress = { phase: 'idle', stages: {}, error: null };
const byStage = (stages: StageReport[]): Stages => Object.fromEntries(stages.map((s) => [s.stage, s]));

/** Runs one connection test at a time and follows its stages. Leaving the form ends the test. */
export function useConnectionTest(): ConnectionTestState {
  const [progress, setProgress] = useState<Progress>(idle);
  const running = useRef<{ testId: string; abort: AbortController } | null>(null);

  useEffect(() => {
    const stop = on('connectionTest.stage', ({ testId, stage }) => {
      if (running.current?.testId !== testId) return;
      setProgress((before) => ({ ...before, stages: { ...before.stages, [stage.stage]: stage } }));
    });
    return () => {
      stop();
      running.current?.abort.abort();
    };
  }, []);

  const run = useCallback<ConnectionTestState['run']>(async (input) => {
    running.current?.abort.abort();
    const mine = { testId: crypto.randomUUID(), abort: new AbortController() };
    running.current = mine;
    setProgress({ ...idle, phase: 'running' });
    let next: (before: Progress) => Progress;
    let failure: ErrorPayload | null = null;
    try {
      const { signal } = mine.abort;
      const report = await request('connectionTest.run', { ...input, testId: mine.testId }, { signal });
      const phase = report.passed ? 'passed' : 'failed';
      next = () => ({ phase, stages: byStage(report.stages), error: null });
    } catch (error) {
      if (isCancelled(error)) {
        next = (before) => ({ ...before, phase: 'cancelled', stages: withoutRunning(before.stages) });
      } else {
        failure = payloadOf(error);
        next = (before) => ({ ...before, phase: 'failed', error: failure });
      }
    }
    if (running.current === mine) {
      running.current = null;
      setProgress(next);
    }
    return failure;
  }, []);

  const cancel = useCallback(() => running.current?.abort.abort(), []);
  return { ...progress, run, cancel };
}

/** After a cancel no stage is under way any more. */
function withoutRunning(stages: Stages): Stages {
  return byStage(Object.values(stages).filter((stage) => stage.outcome !== 'running'));
}

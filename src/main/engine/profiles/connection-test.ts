import {
  type connectionTestRoutes,
  type StageReport,
  type TestStage,
  testStages,
} from '#shared/contract/connection-test.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import { toErrorPayload } from '../base/router.ts';
import type { ConnectionSecrets } from './connection-terms.ts';
import { createTestSteps } from './connection-test-steps.ts';

const defaultStageTimeoutMs = 5000;

type TestInput = Pick<
  Parameters<Handlers<typeof connectionTestRoutes>['connectionTest.run']>[0],
  'password' | 'keyPassphrase' | 'profileId'
>;

interface Deps {
  events: EventBus;
  clock: Clock;
  log: Logger;
  /** For one stage. */
  stageTimeoutMs?: number;
  /** What is typed in, else what is stored for the profile. */
  secretsFor(input: TestInput): Promise<ConnectionSecrets>;
}

/**
 * The staged test of a connection that need not be saved. Opens one connection to each host at most, tells of
 * each stage as it starts and ends, and closes everything, also when the caller cancels.
 */
export function createConnectionTestHandlers(deps: Deps): Handlers<typeof connectionTestRoutes> {
  const { events, clock, log, secretsFor, stageTimeoutMs = defaultStageTimeoutMs } = deps;
  return {
    async 'connectionTest.run'({ testId, draft, ...input }, { signal }) {
      const limits = { signal, timeoutMs: stageTimeoutMs };
      const steps = createTestSteps(draft, () => secretsFor(input), limits);
      const stages: StageReport[] = [];
      const tell = (report: StageReport) => events.emit('connectionTest.stage', { testId, stage: report });
      const end = (report: StageReport) => {
        stages.push(report);
        tell(report);
      };

      async function runStage(stage: TestStage): Promise<boolean> {
        const startedMs = clock.monotonicMs();
        const elapsedMs = () => clock.monotonicMs() - startedMs;
        tell({ stage, outcome: 'running', finding: '', elapsedMs: 0, error: null });
        try {
          const finding = await steps.run[stage]();
          end({ stage, outcome: 'passed', finding, elapsedMs: elapsedMs(), error: null });
          return true;
        } catch (error) {
          if (signal.aborted) {
            end({ stage, outcome: 'skipped', finding: 'Cancelled.', elapsedMs: elapsedMs(), error: null });
            throw new EngineError('cancelled', 'Cancelled.');
          }
          const payload = toErrorPayload(error, log, `connectionTest.run, ${stage}`);
          end({ stage, outcome: 'failed', finding: '', elapsedMs: elapsedMs(), error: payload });
          return false;
        }
      }

      let passed = true;
      try {
        for (const stage of testStages) {
          if (passed) passed = await runStage(stage);
          else end({ stage, outcome: 'skipped', finding: '', elapsedMs: 0, error: null });
        }
      } finally {
        await steps.close();
      }
      return { passed, stages };
    },
  };
}

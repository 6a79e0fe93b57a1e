import { useCallback, useEffect, useRef, useState } from 'react';
import type { RuleTest } from '#shared/model/alert.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { on, request } from '../../../bridge/client.ts';
import { isCancelled } from '../../../data/errors.ts';

type State =
  | { kind: 'idle' }
  | { kind: 'running'; done: number }
  | { kind: 'done'; result: RuleTest }
  | { kind: 'failed'; error: unknown };

/** One test of a rule on the past at a time; leaving the screen cancels it. */
export function useRuleTest() {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);

  const cancel = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setState({ kind: 'idle' });
  }, []);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async (rule: AlertRule, fromMs: number, toMs: number) => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    const testId = crypto.randomUUID();
    const isMine = () => running.current === mine;
    setState({ kind: 'running', done: 0 });
    const stop = on('alerts.testProgress', (progress) => {
      if (progress.testId === testId && isMine()) setState({ kind: 'running', done: progress.done });
    });
    try {
      const input = { testId, rule, fromMs, toMs };
      const result = await request('alerts.testRule', input, { signal: mine.signal });
      if (isMine()) setState({ kind: 'done', result });
    } catch (error) {
      if (isMine()) setState(isCancelled(error) ? { kind: 'idle' } : { kind: 'failed', error });
    } finally {
      stop();
    }
  }, []);

  return { state, start, cancel };
}

import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import type { LabProgress, LabResult } from '#shared/model/lab.ts';
import { on, request } from '../../../../bridge/client.ts';
import { isCancelled, payloadOf } from '../../../../data/errors.ts';

export type LabState =
  | { kind: 'idle' }
  | { kind: 'running'; progress: LabProgress | null }
  /** `trouble` is what ended it early. */
  | { kind: 'over'; results: LabResult[]; isCancelled: boolean; trouble: ErrorPayload | null };

/** One run of the lab at a time; leaving the dialog ends it. */
export function useLab() {
  const [state, setState] = useState<LabState>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);

  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => () => running.current?.abort(), []);

  const start = useCallback(async (asked: Omit<RouteInput<'lab.run'>, 'runId'>) => {
    const mine = new AbortController();
    running.current = mine;
    const runId = crypto.randomUUID();
    let latest: LabProgress | null = null;
    setState({ kind: 'running', progress: null });
    const stop = on('lab.progress', (progress) => {
      if (progress.runId !== runId) return;
      latest = progress;
      setState({ kind: 'running', progress });
    });
    try {
      const report = await request('lab.run', { runId, ...asked }, { signal: mine.signal });
      setState({ kind: 'over', isCancelled: false, ...report });
    } catch (error) {
      const results = (latest as LabProgress | null)?.results ?? [];
      const cancelled = isCancelled(error);
      setState({
        kind: 'over',
        results,
        isCancelled: cancelled,
        trouble: cancelled ? null : payloadOf(error),
      });
    } finally {
      stop();
    }
  }, []);

  return { state, start, cancel };
}

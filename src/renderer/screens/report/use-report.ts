import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../bridge/client.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { isCancelled, payloadOf } from '../../data/errors.ts';
import { gatherReport } from '../../exports/range-report/gather-report.ts';
import { reportDocument } from '../../exports/range-report/range-report.ts';
import type { ReportDocument } from '../../exports/range-report/report-document.ts';
import { boundsOf, type Range } from '../../ranges/range.ts';
import type { Zone } from '../../time/zone.ts';

export type ReportState =
  | { kind: 'making'; done: number }
  | { kind: 'ready'; document: ReportDocument; span: { fromMs: number; toMs: number } }
  | { kind: 'cancelled' }
  | { kind: 'failed'; error: ErrorPayload };

/** The report of a range, made when the screen opens or the range changes; it stands still after that. */
export function useReport(profiles: readonly ProfileView[], range: Range, zone: Zone) {
  const [state, setState] = useState<ReportState>({ kind: 'making', done: 0 });
  const abort = useRef<AbortController | null>(null);
  const latest = useRef({ profiles, range, zone });
  latest.current = { profiles, range, zone };

  const make = useCallback((nowMs: number) => {
    abort.current?.abort();
    const making = new AbortController();
    abort.current = making;
    const { signal } = making;
    const given = latest.current;
    const bounds = boundsOf(given.range, nowMs);
    const span = { fromMs: Math.max(0, Math.floor(bounds.fromMs)), toMs: Math.ceil(bounds.toMs) };
    const tell = (next: ReportState) => !signal.aborted && setState(next);
    tell({ kind: 'making', done: 0 });
    const onProgress = (done: number) => tell({ kind: 'making', done });
    gatherReport({ request, profiles: given.profiles, span, signal, onProgress }).then(
      (pools) => {
        const document = reportDocument({ ...span, madeAtMs: nowMs, zone: given.zone, pools });
        tell({ kind: 'ready', document, span });
      },
      (error: unknown) => {
        if (!isCancelled(error)) tell({ kind: 'failed', error: payloadOf(error) });
      },
    );
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another range or zone asks for another report.
  useEffect(() => {
    make(engineNowMs());
    return () => abort.current?.abort();
  }, [make, range, zone]);

  const cancel = useCallback(() => {
    abort.current?.abort();
    setState({ kind: 'cancelled' });
  }, []);
  return { state, make, cancel };
}

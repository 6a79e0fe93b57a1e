import type { HealthSpan } from '#shared/model/health.ts';
import { formatPercent } from '../../../charts/formats.ts';
import type { Span } from '../../../ranges/range.ts';

type ShownState = HealthSpan['state'];

export const healthWords: Record<ShownState, string> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  unhealthy: 'Unhealthy',
  unknown: 'Not checked',
  closed: 'Closed',
};

/** A piece of the strip, in percent of its width. */
export interface StripPiece {
  span: HealthSpan;
  left: number;
  width: number;
}

/** Where the states of a range lie on a strip as long as the range. */
export function stripOf(spans: readonly HealthSpan[], { fromMs, toMs }: Span): StripPiece[] {
  const share = (ms: number) => (ms / (toMs - fromMs)) * 100;
  return spans.flatMap((span) => {
    const start = Math.max(fromMs, span.fromMs);
    const end = Math.min(toMs, span.toMs);
    return end <= start ? [] : [{ span, left: share(start - fromMs), width: share(end - start) }];
  });
}

const order: ShownState[] = ['healthy', 'degraded', 'unhealthy', 'closed', 'unknown'];

/** How much of the time that is known it was in each state: "healthy 98 %, unhealthy 2 %". */
export function sharesInWords(spans: readonly HealthSpan[]): string {
  const lasted = (state: ShownState) =>
    spans.reduce((sum, span) => sum + (span.state === state ? span.toMs - span.fromMs : 0), 0);
  const totalMs = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return order
    .flatMap((state) => {
      const ms = lasted(state);
      return ms === 0 ? [] : [`${healthWords[state].toLowerCase()} ${formatPercent(ms / totalMs)}`];
    })
    .join(', ');
}

import type { AdviceFigure, Demand } from '#shared/model/advice.ts';
import { meanMs, percentileMs } from '#shared/model/histogram.ts';
import type { Evidence } from './evidence.ts';
import { atOnce } from './minutes.ts';
import { counted } from './words.ts';

/** Everything the advice rests on, each with where it comes from. */
export function figuresOf({ measured, settings }: Evidence, demand: Demand | null): AdviceFigure[] {
  const { minutes, waitMs, holdMs, connectMs } = measured;
  const range = `history, ${counted(minutes.length, 'minute')}`;
  const sum = (of: (minute: (typeof minutes)[number]) => number) =>
    minutes.reduce((total, minute) => total + of(minute), 0);
  const waits = `${range}, ${counted(waitMs.count, 'wait')}`;
  const figure = (
    label: string,
    value: number | null,
    unit: AdviceFigure['unit'],
    source: string,
  ): AdviceFigure => ({ label, value, unit, source });
  return [
    figure(
      'Requests',
      sum(({ arrivals }) => arrivals),
      'count',
      `${range}: handed out + timeouts + growth of the queue`,
    ),
    figure(
      'Timeouts',
      sum(({ timeouts }) => timeouts),
      'count',
      range,
    ),
    figure('Wait p50', percentileMs(waitMs, 0.5), 'ms', waits),
    figure('Wait p95', percentileMs(waitMs, 0.95), 'ms', waits),
    figure('Hold, mean', meanMs(holdMs), 'ms', `${range}, ${counted(holdMs.count, 'hold')}`),
    figure('Connect time, mean', meanMs(connectMs), 'ms', `${range}, ${counted(connectMs.count, 'connect')}`),
    figure('Most at once', Math.max(0, ...minutes.map(atOnce)), 'count', `${range}: used + pending, highest`),
    ...(demand === null ? [] : demandFigures(demand, settings.max, figure)),
  ];
}

function demandFigures(
  demand: Demand,
  max: number,
  figure: (label: string, value: number | null, unit: AdviceFigure['unit'], source: string) => AdviceFigure,
): AdviceFigure[] {
  const busy = 'busy minute (95 of 100 are calmer)';
  const around = 'two minutes before and after the busy one';
  const callers = demand.kind === 'callers';
  return [
    figure('Arrivals λ, busy minute', demand.arrivalsPerS, 'perSecond', busy),
    figure('Hold S, busy minute', demand.holdMs, 'ms', busy),
    figure(
      'Busy connections a, busy minute',
      demand.load,
      'ratio',
      callers ? `${busy}: used + pending, as the queue never emptied` : 'λ × S (Little’s law)',
    ),
    figure('Utilization ρ, busy minute', Math.min(demand.load / max, 9.99), 'share', 'a / present maximum'),
    figure('Variation of holds Cs²', demand.holdCs2, 'ratio', `histogram of holds, ${around}`),
    figure(
      'Variation of arrivals Ca²',
      demand.arrivalCs2,
      'ratio',
      demand.arrivalCs2 === null
        ? 'single seconds are not kept; 1 is taken'
        : `variance / mean of arrivals per second (1 where chance explains it), ${around}`,
    ),
  ];
}

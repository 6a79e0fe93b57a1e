import type { HealthSpan } from '#shared/model/health.ts';
import { formatLength } from '../../../alerts/alert-figures.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import type { Span } from '../../../ranges/range.ts';
import { formatMoment } from '../../../time/clock.ts';
import type { Zone } from '../../../time/zone.ts';
import classes from './health.module.css';
import { healthWords, sharesInWords, stripOf } from './health-timeline.ts';

interface Props {
  span: Span;
  spans: readonly HealthSpan[];
  zone: Zone;
  onShow: ((atMs: number) => void) | undefined;
}

/** More would be no list to read; a shorter range shows the others. */
const mostListed = 50;

/** The states of a range as a strip, and each change in words. */
export function HealthStrip({ span, spans, zone, onShow }: Props) {
  if (spans.length === 0) return <p className={classes.dim}>Nothing is known of its health in this range.</p>;
  const nowMs = engineNowMs();
  const changes = [...spans].reverse().slice(0, mostListed);
  return (
    <>
      <div className={classes.strip} role="img" aria-label={`States over the range: ${sharesInWords(spans)}`}>
        {stripOf(spans, span).map(({ span: piece, left, width }) => (
          <span
            key={piece.fromMs}
            className={classes.piece}
            data-state={piece.state}
            style={{ left: `${left}%`, width: `max(2px, ${width}%)` }}
            title={`${healthWords[piece.state]} from ${formatMoment(piece.fromMs, { zone, nowMs })}`}
          />
        ))}
      </div>
      <div className={classes.ends}>
        <span>{formatMoment(span.fromMs, { zone, nowMs, seconds: false })}</span>
        <span>{formatMoment(span.toMs, { zone, nowMs, seconds: false })}</span>
      </div>
      {changes.length > 1 && (
        <ol className={classes.changes} aria-label="Changes of state, newest first">
          {changes.map((change) => (
            <li key={change.fromMs}>
              <Change change={change} zone={zone} onShow={onShow} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Change({ change, zone, onShow }: { change: HealthSpan } & Pick<Props, 'zone' | 'onShow'>) {
  const { fromMs, toMs, state, text } = change;
  const content = (
    <>
      <span className={classes.dot} data-state={state} aria-hidden />
      <span>{formatMoment(fromMs, { zone, nowMs: engineNowMs() })}</span>
      <span className={classes.state}>{healthWords[state]}</span>
      <span className={classes.dim}>
        {formatLength(Math.max(1000, Math.round((toMs - fromMs) / 1000) * 1000))}
      </span>
      <span className={classes.text}>{text}</span>
    </>
  );
  return onShow === undefined ? (
    <div className={classes.change}>{content}</div>
  ) : (
    <button type="button" className={classes.change} onClick={() => onShow(fromMs)}>
      {content}
    </button>
  );
}

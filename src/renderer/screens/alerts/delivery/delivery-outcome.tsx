import { CircleCheck, OctagonX, RotateCw } from 'lucide-react';
import type { AlertSettingsView, WebhookDelivery } from '#shared/contract/alerts.ts';
import { formatDuration } from '../../../charts/formats.ts';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import classes from './delivery.module.css';

interface Props {
  view: AlertSettingsView;
  /** Of a test sent from here; null before the first. */
  tested: WebhookDelivery | null;
}

/** How the test and the last real delivery went, and how many wait. */
export function DeliveryOutcome({ view, tested }: Props) {
  const { lastDelivery, webhookWaiting } = view;
  return (
    <div className={classes.outcomes} role="status">
      {tested !== null && <Outcome what="Test" delivery={tested} />}
      {lastDelivery !== null && <Outcome what="Last delivery" delivery={lastDelivery} />}
      {webhookWaiting > 0 && (
        <p className={classes.dim}>
          {webhookWaiting === 1 ? '1 delivery waits.' : `${webhookWaiting} deliveries wait.`}
        </p>
      )}
    </div>
  );
}

const looks = {
  delivered: { icon: CircleCheck, word: 'delivered' },
  failed: { icon: OctagonX, word: 'failed' },
  retrying: { icon: RotateCw, word: 'failed so far, being tried again' },
} as const;

function Outcome({ what, delivery }: { what: string; delivery: WebhookDelivery }) {
  const { outcome, status, attempts, tookMs, atMs, error } = delivery;
  const { icon: Icon, word } = looks[outcome];
  const facts = [
    ...(status === null ? [] : [`status ${status}`]),
    `took ${formatDuration(tookMs)}`,
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ];
  return (
    <div className={classes.outcome} data-outcome={outcome}>
      <Icon size={14} aria-hidden />
      <div>
        <p>
          <strong>
            {what}: {word}
          </strong>{' '}
          <RelativeTime atMs={atMs} /> ({facts.join(', ')})
        </p>
        {error !== null && (
          <p>
            {error.message} {error.details.remedy}
          </p>
        )}
      </div>
    </div>
  );
}

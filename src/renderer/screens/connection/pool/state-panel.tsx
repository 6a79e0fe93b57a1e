import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import type { BreakerStatus, PoolDetails, TlsStatus } from '#shared/contract/pool-control.ts';
import { formatCount, noValue } from '../../../charts/formats.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { Panel } from '../../../kit/panel.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import classes from './pool.module.css';
import { breakerWords, encryptionWords, expiryWords } from './state-words.ts';

/** The breaker, what encrypts the connections, and what was counted since the pool opened. */
export function StatePanel({ details: { breaker, tls, totals } }: { details: PoolDetails }) {
  return (
    <Panel title="State">
      <dl className={classes.facts}>
        <Fact name="Circuit breaker">
          <Breaker breaker={breaker} />
        </Fact>
        <Fact name="Encryption">{tls === null ? 'No connection has opened yet.' : <Tls tls={tls} />}</Fact>
        <Fact name="Opened, closed">
          {formatCount(totals.opened)}, {formatCount(totals.closed)}
        </Fact>
        <Fact name="Retries">{formatCount(totals.retries)}</Fact>
        <Fact name="Given back inside a transaction">
          <Count value={totals.releasedInTransaction} />
        </Fact>
        <Fact name="Found dead by checks">
          <Count value={totals.checksFailed} />
        </Fact>
        <Fact name="Suspected leaks">
          <Count value={totals.leaksSuspected} />
        </Fact>
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const Count = ({ value }: { value: number }) => (
  <span data-tone={value > 0 ? 'warn' : undefined}>{formatCount(value)}</span>
);

const icons = { off: CircleDashed, closed: CircleCheck, open: CircleX, 'half-open': CircleDashed } as const;
const tones = { off: undefined, closed: 'ok', open: 'bad', 'half-open': 'warn' } as const;

function Breaker({ breaker }: { breaker: BreakerStatus }) {
  const { word, meaning } = breakerWords[breaker.state];
  const Icon = icons[breaker.state];
  return (
    <>
      <span className={classes.word} data-tone={tones[breaker.state]}>
        <Icon size={14} aria-hidden /> {word}
      </span>{' '}
      <span className={classes.dim}>
        {meaning}
        {breaker.state === 'closed' && breaker.failures > 0 && ` Failures in a row: ${breaker.failures}.`}
      </span>
      {breaker.error !== null && breaker.state !== 'closed' && (
        <p className={classes.reason}>
          {breaker.error.message} {breaker.error.details.remedy}
        </p>
      )}
      {breaker.openedAtMs !== null && breaker.state !== 'closed' && (
        <p className={classes.reason}>
          Opened <RelativeTime atMs={breaker.openedAtMs} />
          {breaker.nextAttemptAtMs !== null &&
            `, next attempt in ${formatAge(breaker.nextAttemptAtMs - engineNowMs())}`}
          .
        </p>
      )}
    </>
  );
}

function Tls({ tls }: { tls: TlsStatus }) {
  const expiry =
    tls.certificateExpiresAtMs === null ? null : expiryWords(tls.certificateExpiresAtMs, engineNowMs());
  return (
    <>
      {encryptionWords(tls)}
      {tls.protocol !== null && (
        <p className={classes.reason}>
          Certificate of {tls.certificateSubject ?? noValue}
          {tls.certificateIssuer !== null && `, signed by ${tls.certificateIssuer}`}
          {expiry !== null && (
            <>
              , <span data-tone={expiry.tone}>{expiry.text}</span>
            </>
          )}
          .
        </p>
      )}
      <p className={classes.reason}>
        {tls.host.startsWith('/') ? tls.host : `${tls.host}, port ${tls.port}`}
      </p>
    </>
  );
}

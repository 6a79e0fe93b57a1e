import { randomUUID } from 'node:crypto';
import { ExponentialBackoff, handleType, retry } from 'cockatiel';
import type { AlertSettings, WebhookDelivery } from '#shared/contract/alerts.ts';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { toErrorPayload } from '../../base/router.ts';
import type { StoredAlert } from '../store/schemas.ts';
import { isPassing, postJson, refusalOf } from './post-json.ts';

interface WebhookDeps {
  clock: Clock;
  log: Logger;
  version: string;
  settings(): AlertSettings['webhook'];
  /** Null when deliveries are not signed. @throws EngineError `vault_failed` */
  secret(): Promise<string | null>;
  /** How a delivery went, or how many wait. */
  onChanged(): void;
  /** Shorter in tests. */
  timing?: { timeoutMs: number; firstRetryMs: number };
}

export type WebhookEvent = 'alert.fired' | 'alert.resolved' | 'test';

interface Job {
  deliveryId: string;
  event: WebhookEvent;
  alert: StoredAlert | null;
}

/** A delivery that was tried again in vain; thrown so that the policy tries once more. */
class NotYet extends Error {}

const retries = 4;
/** A target that is away for long gets the newest. */
const mostWaiting = 200;
const usualTiming = { timeoutMs: 10_000, firstRetryMs: 1000 };

/** Sends alerts to the address of the settings, one after another, oldest first. */
export class Webhook {
  readonly #deps: WebhookDeps;
  readonly #timing;
  readonly #closing = new AbortController();
  #waiting: Job[] = [];
  #working: Promise<void> | null = null;
  #last: WebhookDelivery | null = null;

  constructor(deps: WebhookDeps) {
    this.#deps = deps;
    this.#timing = deps.timing ?? usualTiming;
  }

  get lastDelivery(): WebhookDelivery | null {
    return this.#last;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Queues a delivery when the webhook is on. Never throws. */
  send(event: WebhookEvent, alert: StoredAlert): void {
    const { enabled, sendResolved } = this.#deps.settings();
    if (!enabled || this.#closing.signal.aborted) return;
    if (event === 'alert.resolved' && !sendResolved) return;
    this.#waiting.push({ deliveryId: randomUUID(), event, alert });
    if (this.#waiting.length > mostWaiting) {
      this.#waiting.shift();
      this.#deps.log.warn('a delivery to the webhook was dropped: too many wait');
    }
    this.#working ??= this.#work();
  }

  /** One delivery to an address that need not be saved, without retries. Never rejects. */
  async test(url: string, signal: AbortSignal): Promise<WebhookDelivery> {
    const job: Job = { deliveryId: randomUUID(), event: 'test', alert: null };
    const startedMs = this.#deps.clock.monotonicMs();
    const { status, error } = await this.#attempt(job, url, AbortSignal.any([signal, this.#closing.signal]));
    return this.#deliveryOf(startedMs, status, 1, error, 'failed');
  }

  /** Ends the delivery under way; what waits is dropped. */
  async close(): Promise<void> {
    this.#waiting = [];
    this.#closing.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    // In a turn of its own, so that `send` never runs into what it does.
    await Promise.resolve();
    while (this.#waiting[0] !== undefined && !this.#closing.signal.aborted) {
      const job = this.#waiting[0];
      await this.#deliver(job);
      this.#waiting = this.#waiting.filter((other) => other !== job);
      this.#deps.onChanged();
    }
    this.#working = null;
  }

  async #deliver(job: Job): Promise<void> {
    const startedMs = this.#deps.clock.monotonicMs();
    const { signal } = this.#closing;
    const backoff = new ExponentialBackoff({ initialDelay: this.#timing.firstRetryMs, maxDelay: 30_000 });
    const policy = retry(handleType(NotYet), { maxAttempts: retries, backoff });
    let attempts = 0;
    const once = async () => {
      const { enabled, url } = this.#deps.settings();
      // Switched off, or pointed elsewhere, while this one waited.
      if (!enabled) return;
      attempts += 1;
      const { status, error } = await this.#attempt(job, url, signal);
      if (signal.aborted) return;
      const isLast =
        error === null || !isPassing(status) || attempts > retries || error.code !== 'webhook_failed';
      this.#last = this.#deliveryOf(startedMs, status, attempts, error, isLast ? 'failed' : 'retrying');
      if (!isLast) {
        this.#deps.onChanged();
        throw new NotYet();
      }
      if (error !== null) this.#deps.log.warn({ status, code: error.code }, 'an alert was not delivered');
    };
    try {
      await policy.execute(once, signal);
    } catch (error) {
      // Its waiting is cut short when Poolscope ends.
      if (!signal.aborted) this.#deps.log.error({ err: error }, 'a delivery to the webhook broke off');
    }
  }

  async #attempt(
    job: Job,
    url: string,
    signal: AbortSignal,
  ): Promise<{ status: number | null; error: EngineError | null }> {
    const { clock, version } = this.#deps;
    const body = JSON.stringify({
      poolscope: version,
      event: job.event,
      deliveryId: job.deliveryId,
      sentAt: new Date(clock.nowMs()).toISOString(),
      alert: job.alert === null ? null : payloadOf(job.alert),
    });
    try {
      const secret = await this.#deps.secret();
      const { deliveryId } = job;
      const { status } = await postJson({
        url,
        body,
        deliveryId,
        secret,
        timeoutMs: this.#timing.timeoutMs,
        signal,
      });
      return { status, error: refusalOf(url, status) };
    } catch (error) {
      if (error instanceof EngineError) return { status: null, error };
      this.#deps.log.error({ err: error }, 'a delivery to the webhook failed');
      return { status: null, error: new EngineError('internal', 'Poolscope met an error of its own.') };
    }
  }

  #deliveryOf(
    startedMs: number,
    status: number | null,
    attempts: number,
    error: EngineError | null,
    whenNot: 'failed' | 'retrying',
  ): WebhookDelivery {
    const { clock, log } = this.#deps;
    return {
      atMs: clock.nowMs(),
      outcome: error === null ? 'delivered' : whenNot,
      status,
      attempts,
      tookMs: Math.round(clock.monotonicMs() - startedMs),
      error: error === null ? null : toErrorPayload(error, log, 'webhook'),
    };
  }
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What a target gets to know: words and figures. No statement and no secret; words of an error may name the server. */
function payloadOf(alert: StoredAlert): Record<string, unknown> {
  return {
    id: alert.alertId,
    rule: alert.ruleName,
    kind: alert.kind,
    severity: alert.severity,
    connection: alert.connectionName,
    state: alert.state === 'resolved' ? 'resolved' : 'firing',
    ending: alert.ending,
    summary: alert.sentence,
    threshold: alert.threshold,
    value: alert.value,
    since: isoOrNull(alert.sinceMs),
    firedAt: isoOrNull(alert.firedAtMs),
    resolvedAt: isoOrNull(alert.resolvedAtMs),
    causes: alert.causes.slice(0, 3).map(({ cause, remedy, evidence }) => ({ cause, remedy, evidence })),
  };
}

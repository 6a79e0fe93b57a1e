import type { MetricsStatus, PushResult } from '#shared/contract/metrics.ts';
import type { PushSettings } from '#shared/model/metrics-settings.ts';
import { EngineError } from '../base/errors.ts';
import type { MetricFamily } from './family.ts';
import type { Push } from './otlp/push.ts';
import type { PushSecret } from './otlp/push-secret.ts';

/** How long a last push may take when it is set otherwise, or when Poolscope quits. */
const closeDeadlineMs = 1000;

export interface PushServiceDeps {
  secret: PushSecret;
  version: string;
  identity: Readonly<Record<string, string>>;
  collect(): MetricFamily[];
  nowMs(): number;
  onChanged(): void;
}

/** The pushing of metrics: begun and ended as the settings have it, and what came of the last push. */
export class PushService {
  readonly #deps: PushServiceDeps;
  #push: Push | null = null;
  #lastPush: PushResult | null = null;

  constructor(deps: PushServiceDeps) {
    this.#deps = deps;
  }

  get isOn(): boolean {
    return this.#push !== null;
  }

  status(): Pick<MetricsStatus['push'], 'hasHeaders' | 'lastPush'> {
    return { hasHeaders: this.#deps.secret.isSet, lastPush: this.#lastPush };
  }

  /** Ends what runs, and begins anew when it is wanted. Headers that cannot be read count as a failed push. */
  async set({ enabled, url, intervalMs }: PushSettings): Promise<void> {
    await this.close();
    this.#lastPush = null;
    if (!enabled) return;
    const { secret, version, identity, collect, nowMs, onChanged } = this.#deps;
    const onResult = (result: PushResult) => {
      this.#lastPush = result;
      onChanged();
    };
    try {
      const headers = await secret.read();
      // Loaded by those who push only.
      const { startPush } = await import('./otlp/push.ts');
      this.#push = startPush({ url, headers, intervalMs, version, identity, collect, nowMs, onResult });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#lastPush = { atMs: nowMs(), points: 0, error: error.toPayload() };
    }
  }

  /** @throws EngineError `bad_input` while it is off */
  async pushNow(): Promise<void> {
    if (this.#push === null)
      throw new EngineError('bad_input', 'Metrics are not being pushed.', {
        remedy: 'Switch it on and save.',
      });
    await this.#push.pushNow();
  }

  async close(): Promise<void> {
    const push = this.#push;
    this.#push = null;
    await push?.close(closeDeadlineMs);
  }
}

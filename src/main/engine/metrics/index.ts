import { createHash } from 'node:crypto';
import os from 'node:os';
import type { Handlers } from '#shared/contract/define.ts';
import type { MetricsStatus, metricsRoutes } from '#shared/contract/metrics.ts';
import { EngineError } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { FileDeps } from '../base/json-file.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import type { Vault } from '../ports.ts';
import { collect, type Sources } from './collect.ts';
import { EndpointService } from './endpoint/endpoint-service.ts';
import { openPushSecret } from './otlp/push-secret.ts';
import { AllPoolTotals } from './pool-totals.ts';
import { PushService } from './push-service.ts';
import { settingsFile } from './settings-file.ts';

/** Poolscope's figures for other programs: an endpoint to fetch them from, and a push to a collector. */
export interface Metrics {
  handlers: Handlers<typeof metricsRoutes>;
  /** Pushes a last time, within a second or so, and frees the port. */
  close(): Promise<void>;
}

interface MetricsDeps extends FileDeps, Omit<Sources, 'totalsOf'> {
  events: EventBus;
  vault: Vault;
}

export async function createMetrics(deps: MetricsDeps): Promise<Metrics> {
  const { events, log, clock, dataFolder, notify, listProfiles, statusOf, breakerOf, machine, version } =
    deps;
  const file = settingsFile(deps);
  const inTurn = createSerialQueue();
  let settings = await file.load();
  let closed = false;
  /** Counted only while somebody may ask. */
  let counting: { totals: AllPoolTotals; stop(): void } | null = null;

  const sources: Sources = {
    ...{ listProfiles, statusOf, breakerOf, machine, version },
    totalsOf: (profileId) => counting?.totals.of(profileId),
  };
  const secret = await openPushSecret(deps.vault);
  const endpoint = new EndpointService(sources, log);
  const push = new PushService({
    ...{ secret, version, identity: identityOf(dataFolder) },
    collect: () => collect(sources, null),
    nowMs: () => clock.nowMs(),
    onChanged: () => tell(),
  });

  const status = (): MetricsStatus => ({
    endpoint: { ...settings.endpoint, ...endpoint.status() },
    push: { ...settings.push, ...push.status() },
  });
  const tell = () => events.emit('metrics.changed', status());

  const count = () => {
    const isWanted = !closed && (endpoint.isOn || push.isOn);
    if (isWanted && counting === null) {
      const totals = new AllPoolTotals();
      const stops = [
        events.on('samples.tick', ({ samples }) => totals.add(samples)),
        events.on('profiles.changed', (all) =>
          totals.keepOnly(new Set(all.map(({ profileId }) => profileId))),
        ),
      ];
      counting = {
        totals,
        stop() {
          for (const stop of stops) stop();
        },
      };
    } else if (!isWanted) {
      counting?.stop();
      counting = null;
    }
  };
  const changed = (): MetricsStatus => {
    count();
    tell();
    return status();
  };
  const save = async (next: typeof settings) => {
    await file.save(next);
    settings = next;
  };
  /** One change at a time, and none once all of it closes. */
  const change = (work: () => Promise<void>): Promise<MetricsStatus> =>
    inTurn(async () => {
      if (closed) throw new EngineError('cancelled', 'Poolscope is closing.');
      await work();
      return changed();
    });

  const refusal = await endpoint.resume(settings.endpoint);
  if (refusal !== null) notify('warning', `Metrics are not served. ${refusal.message}`);
  count();
  if (settings.push.enabled) {
    change(() => push.set(settings.push)).catch((error: unknown) =>
      log.error({ err: error }, 'the push of metrics did not begin'),
    );
  }

  return {
    handlers: {
      'metrics.status': () => status(),
      'metrics.setEndpoint': (next) =>
        change(() => endpoint.set(next, () => save({ ...settings, endpoint: next }))),
      'metrics.setPush': ({ settings: next, headers }) =>
        change(async () => {
          const undo = await secret.apply(headers);
          try {
            await save({ ...settings, push: next });
          } catch (error) {
            await undo();
            throw error;
          }
          await push.set(next);
        }),
      'metrics.pushNow': async () => {
        await push.pushNow();
        return status();
      },
    },
    async close() {
      closed = true;
      // Begins at once: pools that close meanwhile are still counted in the last push.
      const pushed = push.close();
      await inTurn(async () => {
        await Promise.all([pushed, push.close(), endpoint.close()]);
        count();
      });
    },
  };
}

/** Tells this Poolscope from others in what it pushes, the same in every run. */
function identityOf(dataFolder: string): Record<string, string> {
  const host = os.hostname();
  const id = createHash('sha256').update(`${host}\n${dataFolder}`).digest('hex').slice(0, 32);
  return { 'host.name': host, 'service.instance.id': id };
}

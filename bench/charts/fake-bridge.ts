import type { Bridge } from '#shared/contract/bridge.ts';
import type { EngineEvents, EventName } from '#shared/contract/events.ts';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import { FakeEvents } from './fake-events.ts';
import { benchApp, benchProfile, benchSampleDatabase, notAnswered, openStatus } from './fake-fleet.ts';
import { FakeHistory } from './fake-history.ts';
import { benchProfileId, busySample } from './fake-samples.ts';

/**
 * `steady`: thirty days of load. `outage`: the same, with the server away for half a minute and the
 * app itself not sampling for a minute. `empty`: a pool that has never been sampled. `failing`:
 * history cannot be read.
 */
export type Scenario = 'steady' | 'outage' | 'empty' | 'failing';

/** Live samples are made beforehand, so that making them is not measured. */
const liveSeconds = 600;
/** As long as the engine may take for 30 days of one pool. */
const answerMs = 80;

type Listeners = { [E in EventName]?: Set<(payload: EngineEvents[E]) => void> };

/** A bridge that answers from made-up samples and ticks once a second, like the engine. */
export function fakeBridge(scenario: Scenario, pools = 1): Bridge {
  const history = new FakeHistory(scenario, Date.now());
  const coming = Array.from({ length: liveSeconds }, (_, i) => JSON.stringify(busySample(i, 0)));
  const listeners: Listeners = {};
  const tell = <E extends EventName>(event: E, payload: EngineEvents[E]) => {
    for (const listener of listeners[event] ?? []) listener(payload);
  };
  const events = new FakeEvents(scenario === 'empty' ? 0 : Date.now(), tell);
  const profileIds = Array.from({ length: pools }, (_, i) => (i === 0 ? benchProfileId : `pool-${i}`));

  let second = 0;
  setInterval(() => {
    const atMs = Date.now();
    const samples = profileIds.map((profileId, i): PoolSample => {
      // Parsed as it would be when it crosses a bridge.
      const sample = JSON.parse(coming[(second + 37 * i) % liveSeconds] as string);
      return { ...sample, profileId, atMs };
    });
    second += 1;
    if (samples[0] !== undefined) history.add(samples[0]);
    tell('samples.tick', { atMs, samples: scenario === 'empty' ? [] : samples });
  }, 1000);

  const answers: Record<string, (input: never) => unknown> = {
    'history.events': (input: never) => events.within(input),
    'history.addNote': (input: never) => events.add(input),
    'history.deleteNote': (input: never) => events.delete(input),
    // Their lines are drawn.
    'alerts.rules': () => defaultAlertRules,
    'app.info': benchApp,
    'sampleDatabase.status': benchSampleDatabase,
    'profiles.list': () => profileIds.map(benchProfile),
    'pools.list': () => profileIds.map(openStatus),
  };

  return {
    shell: 'web',
    request: async (route, input) => {
      const answer = answers[route];
      await new Promise((resolve) => setTimeout(resolve, route === 'history.range' ? answerMs : 5));
      const failing = scenario === 'failing' && route.startsWith('history.');
      // Parsed as it would be when it comes over a bridge.
      if (route === 'history.range' && !failing)
        return { ok: true, data: JSON.parse(history.range(input as never)) };
      if (answer === undefined || failing) return { ok: false, error: notAnswered(route) };
      return { ok: true, data: JSON.parse(JSON.stringify(answer(input as never))) };
    },
    cancel: () => {},
    on: (event, listener) => {
      const heard: Set<typeof listener> = listeners[event] ?? new Set();
      Object.assign(listeners, { [event]: heard });
      heard.add(listener);
      return () => heard.delete(listener);
    },
    onLink: (listener) => {
      listener('connected');
      return () => {};
    },
  };
}

import type { AlertRule } from '#shared/model/alert-rule.ts';
import type { PoolSample } from '#shared/model/pool-sample.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import { LiveInput, type LiveInputDeps } from './live-input.ts';
import { ConnectionWatch, type Transition } from './rules/connection-watch.ts';
import type { Observation } from './rules/observation.ts';

/** Consoles are sampled at a pace of their own; they are looked at as often as pools. */
const pulseMs = 1000;

export interface WatchtowerDeps extends LiveInputDeps {
  events: EventBus;
  clock: Clock;
  onTransitions(profileId: string, transitions: Transition[], seen: Observation): void;
  /** A connection is watched no longer. */
  onClosed(profileId: string): void;
  /** After everything of one second was looked at. */
  onTick(): void;
}

/** Watches all open connections through all rules, once a second each. */
export class Watchtower {
  readonly input: LiveInput;
  readonly #deps: WatchtowerDeps;
  readonly #watches = new Map<string, ConnectionWatch>();
  readonly #stops: (() => void)[];
  #rules: readonly AlertRule[] = [];
  #pulse: NodeJS.Timeout | null = null;
  #last = new Map<string, Observation>();

  constructor(deps: WatchtowerDeps) {
    this.#deps = deps;
    this.input = new LiveInput(deps);
    const { events } = deps;
    this.#stops = [
      events.on('pools.changed', (status) => {
        this.input.statusChanged(status);
        if (status.state === 'closed') this.#forget(status.profileId);
        this.#setPulse();
      }),
      events.on('samples.tick', ({ samples }) => this.#samples(samples)),
    ];
  }

  /** Answers with what is watched no longer, so that open alerts of it can be ended. */
  setRules(rules: readonly AlertRule[]): { profileId: string; rule: AlertRule }[] {
    this.#rules = rules;
    return [...this.#watches.values()].flatMap((watch) =>
      watch.setRules(rules).map((rule) => ({ profileId: watch.profileId, rule })),
    );
  }

  watches(): ConnectionWatch[] {
    return [...this.#watches.values()];
  }

  /** The newest observation of a connection; null before the first. */
  seen(profileId: string): Observation | null {
    return this.#last.get(profileId) ?? null;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    if (this.#pulse !== null) clearInterval(this.#pulse);
    this.#pulse = null;
    this.input.close();
  }

  #samples(samples: readonly PoolSample[]): void {
    for (const sample of samples) this.#observe(sample.profileId, this.input.ofSample(sample));
    this.#deps.onTick();
  }

  #setPulse(): void {
    const isWanted = this.input.openConsoles().length > 0;
    if (isWanted) this.#pulse ??= setInterval(() => this.#lookAtConsoles(), pulseMs);
    else if (this.#pulse !== null) {
      clearInterval(this.#pulse);
      this.#pulse = null;
    }
  }

  #lookAtConsoles(): void {
    const atMs = this.#deps.clock.nowMs();
    for (const profileId of this.input.openConsoles()) {
      this.#observe(profileId, this.input.ofConsole(profileId, atMs));
    }
    this.#deps.onTick();
  }

  #observe(profileId: string, seen: Observation): void {
    let watch = this.#watches.get(profileId);
    if (watch === undefined) {
      watch = new ConnectionWatch(profileId, this.#rules);
      this.#watches.set(profileId, watch);
    }
    this.#last.set(profileId, seen);
    const transitions = watch.observe(seen);
    if (transitions.length > 0) this.#deps.onTransitions(profileId, transitions, seen);
  }

  #forget(profileId: string): void {
    this.#last.delete(profileId);
    if (this.#watches.delete(profileId)) this.#deps.onClosed(profileId);
  }
}

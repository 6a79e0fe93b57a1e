import type { RuleHit } from '#shared/model/alert.ts';
import type { Transition } from '../rules/connection-watch.ts';

/** Gathers what would have fired on one connection. */
export class HitLog {
  readonly hits: (RuleHit & { ruleId: string })[] = [];
  coveredMs = 0;
  lastAtMs: number | null = null;
  /** False once something had to be told from minutes alone. */
  isExact = true;
  readonly #profileId: string;
  readonly #open = new Map<string, RuleHit & { ruleId: string }>();
  #firingMs = 0;

  constructor(profileId: string) {
    this.#profileId = profileId;
  }

  add(transitions: readonly Transition[], atMs: number, coveredMs: number): void {
    this.lastAtMs = atMs;
    this.coveredMs += coveredMs;
    for (const { kind, rule, firing } of transitions) {
      const { ruleId } = rule;
      if (kind === 'fired') {
        const { sinceMs, firedAtMs, value, worstValue } = firing;
        const hit = {
          ruleId,
          profileId: this.#profileId,
          sinceMs,
          firedAtMs,
          resolvedAtMs: null,
          value,
          worstValue,
        };
        this.hits.push(hit);
        this.#open.set(ruleId, hit);
        continue;
      }
      const hit = this.#open.get(ruleId);
      if (hit === undefined) continue;
      hit.worstValue = firing.worstValue;
      if (kind === 'resolved') {
        hit.resolvedAtMs = atMs;
        this.#firingMs += atMs - hit.firedAtMs;
        this.#open.delete(ruleId);
      }
    }
  }

  /** The record broke off: what fired then is not known to have ended. */
  breakOff(): void {
    for (const { firedAtMs } of this.#open.values())
      this.#firingMs += (this.lastAtMs ?? firedAtMs) - firedAtMs;
    this.#open.clear();
  }

  get firingMs(): number {
    return this.#firingMs;
  }
}

import type { AlertRule } from '#shared/model/alert-rule.ts';
import { ConnectionWatch } from '../rules/connection-watch.ts';
import type { Figures, Observation } from '../rules/observation.ts';
import { HitLog } from './hit-log.ts';

/** Farther apart, Poolscope did not run or the pool was closed: whatever fired ended with that. */
const brokenOffMs = 5 * 60_000;

/** Plays recorded observations of one connection, in order of time, through rules. */
export class Player {
  readonly rules: readonly AlertRule[];
  readonly profileId: string;
  readonly log: HitLog;
  #watch: ConnectionWatch;

  constructor(profileId: string, rules: readonly AlertRule[]) {
    this.profileId = profileId;
    // A rule that is off is tested as well, and scope has been seen to.
    this.rules = rules.map((rule) => ({ ...rule, enabled: true, scope: { kind: 'all' } }));
    this.log = new HitLog(profileId);
    this.#watch = new ConnectionWatch(profileId, this.rules);
  }

  /** @param coveredMs of the stretch, how much was recorded */
  observe(seen: Observation, coveredMs: number): void {
    this.#mindBreak(seen.atMs, seen.spanMs);
    this.log.add(this.#watch.observe(seen), seen.atMs, coveredMs);
  }

  observeFigures(figures: Figures, time: Pick<Observation, 'atMs' | 'spanMs'>, coveredMs: number): void {
    this.#mindBreak(time.atMs, time.spanMs);
    this.log.add(this.#watch.observeFigures(figures, time), time.atMs, coveredMs);
  }

  end(): HitLog {
    this.log.breakOff();
    return this.log;
  }

  #mindBreak(atMs: number, spanMs: number): void {
    const { lastAtMs } = this.log;
    if (lastAtMs === null || atMs - lastAtMs <= spanMs + brokenOffMs) return;
    this.log.breakOff();
    this.#watch = new ConnectionWatch(this.profileId, this.rules);
  }
}

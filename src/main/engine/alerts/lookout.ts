import type { Sessions } from '#engine/sessions/index.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import type { Seen } from './causes/seen.ts';
import type { PoolExtras } from './live-input.ts';
import type { Watchtower } from './watchtower.ts';

/** Sessions that were read longer ago than this are read again for an alert. */
const freshReadingMs = 3000;

interface Deps {
  clock: Clock;
  tower: Pick<Watchtower, 'seen' | 'input'>;
  sessions: Pick<Sessions, 'latest' | 'read'>;
  poolOf(profileId: string): Pick<PoolExtras, 'processIds' | 'held'> | null;
  /** @throws EngineError `not_found` */
  getProfile(profileId: string): ProfileDraft;
}

/** What is known of a connection when one of its alerts fires. */
export class Lookout {
  readonly #deps: Deps;
  /** Several alerts that fire together share one look. */
  readonly #reading = new Map<string, Promise<void>>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What is at hand, without asking the server. */
  seen(profileId: string): Seen {
    const { tower, sessions, clock } = this.#deps;
    const latest = sessions.latest(profileId);
    const isFresh = latest !== null && Math.abs(clock.nowMs() - latest.atMs) <= freshReadingMs;
    return {
      pool: tower.seen(profileId)?.pool,
      health: tower.input.statusOf(profileId)?.health,
      reading: isFresh ? latest : undefined,
      suspects: this.#deps.poolOf(profileId)?.held.filter(({ suspected }) => suspected) ?? [],
      ours: this.#ours(profileId),
    };
  }

  /** The same with sessions of now. A server that nobody watches is left alone. Never rejects. */
  async lookCloser(profileId: string): Promise<Seen> {
    const seen = this.seen(profileId);
    if (seen.reading !== undefined || this.#deps.sessions.latest(profileId) === null) return seen;
    const reading = this.#reading.get(profileId) ?? this.#read(profileId);
    this.#reading.set(profileId, reading);
    await reading;
    return this.seen(profileId);
  }

  async #read(profileId: string): Promise<void> {
    try {
      await this.#deps.sessions.read(profileId);
    } catch {
      // Deleted meanwhile: there is nothing more to see.
    } finally {
      this.#reading.delete(profileId);
    }
  }

  #ours(profileId: string): Seen['ours'] {
    try {
      const { applicationName: application, database, user } = this.#deps.getProfile(profileId);
      return { processIds: this.#deps.poolOf(profileId)?.processIds ?? [], application, database, user };
    } catch {
      return undefined;
    }
  }
}

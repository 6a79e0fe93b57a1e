import { peakPerBucket, type SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Logger } from '../base/log.ts';
import type { HistoryStore, TimeSpan } from './history-store.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** On disk the peak of every ten seconds is kept, however often the server is sampled. */
const keptEveryMs = 10_000;

interface Deps {
  store: Pick<HistoryStore, 'appendSessions' | 'sessionPoints'>;
  nameOf(profileId: string): string;
  log: Logger;
}

/** What servers' sessions did: the last hour in memory as sampled, older from disk by the minute. */
export class SessionPoints {
  readonly #deps: Deps;
  readonly #memory = new Map<string, SessionsPoint[]>();
  /** The minute that is not on disk yet; lost in a crash. */
  readonly #waiting = new Map<string, SessionsPoint[]>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param profileId the connection the server is watched through */
  record(profileId: string, point: SessionsPoint): void {
    const remembered = this.#memory.get(profileId) ?? [];
    remembered.push(point);
    while (remembered[0] !== undefined && remembered[0].atMs < point.atMs - hourMs) remembered.shift();
    this.#memory.set(profileId, remembered);

    const waiting = this.#waiting.get(profileId) ?? [];
    const minuteOf = ({ atMs }: SessionsPoint) => Math.floor(atMs / minuteMs);
    if (waiting[0] !== undefined && minuteOf(waiting[0]) !== minuteOf(point)) {
      void this.#write(profileId, waiting);
      this.#waiting.set(profileId, [point]);
    } else {
      this.#waiting.set(profileId, [...waiting, point]);
    }
  }

  /** Of connections to one server together. @throws EngineError `storage_failed` */
  async range(query: TimeSpan & { profileIds: string[]; bucketMs: number }): Promise<SessionsPoint[]> {
    const { profileIds, fromMs, toMs, bucketMs } = query;
    const old = await this.#deps.store.sessionPoints(query);
    const recent = profileIds
      .flatMap((profileId) => this.#memory.get(profileId) ?? [])
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    // A point that is in both is the same one: the peak of a bucket does not mind.
    return peakPerBucket([...old, ...recent], bucketMs);
  }

  forget(profileId: string | null, beforeMs: number | null): void {
    const keeps = ({ atMs }: SessionsPoint) => beforeMs !== null && atMs >= beforeMs;
    for (const points of [this.#memory, this.#waiting]) {
      for (const [id, kept] of points) {
        if (profileId === null || id === profileId) points.set(id, kept.filter(keeps));
      }
    }
  }

  /** Writes the minutes that wait. Never rejects. */
  async flush(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    await Promise.all(waiting.map(([profileId, points]) => this.#write(profileId, points)));
  }

  async #write(profileId: string, points: readonly SessionsPoint[]): Promise<void> {
    if (points.length === 0) return;
    const { store, nameOf, log } = this.#deps;
    try {
      const name = nameOf(profileId);
      await store.appendSessions({ profileId, name, points: peakPerBucket(points, keptEveryMs) });
    } catch (error) {
      log.warn({ err: error }, 'a minute of sessions was not recorded');
    }
  }
}

import { peakPerBucket, type SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Logger } from '../base/log.ts';
import type { HistoryStore, TimeSpan } from './history-store.ts';
import { MinuteQueue } from './minute-queue.ts';

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
  /** The minute that goes on; lost in a crash. */
  readonly #waiting = new Map<string, SessionsPoint[]>();
  readonly #unwritten = new Map<string, MinuteQueue<SessionsPoint[]>>();

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
      this.#seal(profileId, waiting);
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
    for (const [id, unwritten] of this.#unwritten) {
      if (profileId === null || id === profileId) unwritten.change((points) => points.filter(keeps));
    }
  }

  /** Writes the minutes that wait. Never rejects. */
  async flush(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [profileId, points] of waiting) this.#seal(profileId, points);
    await Promise.all([...this.#unwritten.values()].map((unwritten) => unwritten.written()));
  }

  #seal(profileId: string, points: SessionsPoint[]): void {
    const unwritten = this.#unwritten.get(profileId) ?? this.#queueOf(profileId);
    this.#unwritten.set(profileId, unwritten);
    unwritten.add(points);
  }

  #queueOf(profileId: string): MinuteQueue<SessionsPoint[]> {
    const { store, nameOf, log } = this.#deps;
    return new MinuteQueue({
      async write(minute) {
        const points = peakPerBucket(minute, keptEveryMs);
        if (points.length > 0) await store.appendSessions({ profileId, name: nameOf(profileId), points });
      },
      onFailure: (error) => log.warn({ err: error }, 'a minute of sessions was not recorded yet'),
    });
  }
}

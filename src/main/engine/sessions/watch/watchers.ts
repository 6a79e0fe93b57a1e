import type { SessionsSettings } from '#shared/contract/sessions.ts';
import type { Reading } from '../server/sampler.ts';
import { ServerWatcher, type WatcherDeps } from './server-watcher.ts';

interface Target {
  host: string;
  port: number;
  database: string;
}

interface Deps extends Omit<WatcherDeps, 'serverId' | 'profileIds' | 'onPoolerFound'> {
  listProfiles(): { profileId: string }[];
  /** @throws EngineError `not_found` */
  getProfile(profileId: string): Target;
  isPoolOpen(profileId: string): boolean;
  settings(): SessionsSettings;
}

const leaseMs = 10_000;

const addressOf = ({ host, port }: Pick<Target, 'host' | 'port'>) => `${host.toLowerCase()}:${port}`;

/**
 * The watchers of all servers, one for each address, and who wants what of them: a profile that is
 * looked at wants a live pace, one whose pool is open the background's.
 */
export class Watchers {
  readonly #deps: Deps;
  readonly #watchers = new Map<string, ServerWatcher>();
  /** Addresses at which a pooler answered: what is behind may differ from database to database. */
  readonly #poolers = new Set<string>();
  readonly #looking = new Map<string, number>();
  /** Looks that end by themselves. */
  readonly #leases = new Map<string, { timer: NodeJS.Timeout; stop(): void }>();
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  serverIdOf(profileId: string): string {
    const target = this.#deps.getProfile(profileId);
    const address = addressOf(target);
    return this.#poolers.has(address) ? `${address}/${target.database}` : address;
  }

  /** Profiles whose server this is. */
  profilesOf(serverId: string): string[] {
    return this.#deps
      .listProfiles()
      .map(({ profileId }) => profileId)
      .filter((profileId) => this.serverIdOf(profileId) === serverId);
  }

  /** Profiles that point to an address. */
  profilesAt(host: string, port: number): string[] {
    return this.#deps
      .listProfiles()
      .map(({ profileId }) => profileId)
      .filter((profileId) => addressOf(this.#deps.getProfile(profileId)) === addressOf({ host, port }));
  }

  /** The profile's watcher; one that is not watching yet costs nothing. @throws EngineError `not_found` */
  of(profileId: string): ServerWatcher {
    const serverId = this.serverIdOf(profileId);
    const known = this.#watchers.get(serverId);
    if (known !== undefined) return known;
    const { listProfiles: _list, getProfile: _get, isPoolOpen: _open, ...deps } = this.#deps;
    const created = new ServerWatcher({
      ...deps,
      serverId,
      profileIds: () => this.profilesOf(serverId),
      onPoolerFound: () => this.#onPoolerFound(profileId),
    });
    if (this.#isClosed) void created.close();
    else this.#watchers.set(serverId, created);
    return created;
  }

  latest(profileId: string): Reading | null {
    return this.of(profileId).latest;
  }

  seesAll(profileId: string): boolean | null {
    return this.of(profileId).seesAll;
  }

  /** Somebody looks at the profile's server until the function returned is called. */
  look(profileId: string): () => void {
    this.#looking.set(profileId, (this.#looking.get(profileId) ?? 0) + 1);
    this.update();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#looking.get(profileId) ?? 1) - 1;
      if (left > 0) this.#looking.set(profileId, left);
      else this.#looking.delete(profileId);
      this.update();
    };
  }

  /**
   * For whoever asks again and again, a picture say: a look that ends ten seconds after it was asked
   * for last. In between the watcher keeps its pace, and what it knows of a server that refuses it.
   */
  lookForAWhile(profileId: string): void {
    if (this.#isClosed) return;
    const known = this.#leases.get(profileId);
    if (known !== undefined) clearTimeout(known.timer);
    const stop = known?.stop ?? this.look(profileId);
    const timer = setTimeout(() => {
      this.#leases.delete(profileId);
      stop();
    }, leaseMs);
    this.#leases.set(profileId, { timer, stop });
  }

  /** Brings every watcher to what is wanted of it now. */
  update(): void {
    if (this.#isClosed) return;
    const profileIds = this.#deps.listProfiles().map(({ profileId }) => profileId);
    const isInBackground = (profileId: string) =>
      this.#deps.settings().background && this.#deps.isPoolOpen(profileId);
    const isLookedAt = (profileId: string) => this.#looking.has(profileId);
    for (const profileId of profileIds) {
      if (isLookedAt(profileId) || isInBackground(profileId)) this.of(profileId);
    }
    for (const [serverId, watcher] of this.#watchers) {
      const own = profileIds.filter((profileId) => this.serverIdOf(profileId) === serverId);
      if (own.length === 0) {
        this.#watchers.delete(serverId);
        this.#close(watcher);
      } else {
        const open = own.filter(this.#deps.isPoolOpen);
        watcher.setDemand({ live: own.filter(isLookedAt), background: own.filter(isInBackground), open });
      }
    }
  }

  /** New intervals. */
  reschedule(): void {
    this.update();
    for (const watcher of this.#watchers.values()) watcher.reschedule();
  }

  /** Where it connects, or as whom, has changed. Resolves when the old connection is closed. */
  async profileChanged(profileId: string): Promise<void> {
    const affected = [...this.#watchers.values()].filter((watcher) => {
      const { viaProfileId, profileIds } = watcher.status();
      return viaProfileId === profileId || profileIds.includes(profileId);
    });
    this.update();
    await Promise.all([...affected.map((watcher) => watcher.reset()), ...this.#closing]);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#leases.values()) clearTimeout(timer);
    this.#leases.clear();
    for (const watcher of this.#watchers.values()) this.#close(watcher);
    this.#watchers.clear();
    await Promise.all(this.#closing);
  }

  #close(watcher: ServerWatcher): void {
    const closed = watcher.close().finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  #onPoolerFound(profileId: string): void {
    const address = addressOf(this.#deps.getProfile(profileId));
    if (this.#poolers.has(address)) return;
    this.#poolers.add(address);
    this.update();
  }
}

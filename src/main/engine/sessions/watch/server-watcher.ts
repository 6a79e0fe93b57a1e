import type { SessionsSample, SessionsSettings, WatchStatus } from '#shared/contract/sessions.ts';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { databaseErrorOf } from '../../base/pg-errors.ts';
import { toErrorPayload } from '../../base/router.ts';
import type { ConnectConfig } from '../server/monitor-connection.ts';
import type { Reading } from '../server/sampler.ts';
import { type Link, openLink } from './link.ts';
import { inWatchersWords, retryDelayMs } from './retry.ts';
import { SampleSequence } from './sample-sequence.ts';

/** Who wants the server watched: profiles someone looks at, and profiles for the background. */
export interface Demand {
  live: readonly string[];
  background: readonly string[];
  /** Profiles whose pool is open. They want nothing; their roles may see more than those that do. */
  open: readonly string[];
}

export interface WatcherDeps {
  serverId: string;
  clock: Clock;
  log: Logger;
  settings(): SessionsSettings;
  /** Every profile of this server, whether it wants anything or not. */
  profileIds(): string[];
  connectConfig(profileId: string, signal: AbortSignal): Promise<ConnectConfig>;
  onStatus(status: WatchStatus): void;
  onReading(taken: TakenReading): void;
  /** The address is a pooler's: other databases there may be other servers. */
  onPoolerFound(): void;
}

/** A reading, and whom it concerns. */
export interface TakenReading {
  reading: Reading;
  /** For whoever looks; null when nobody does. */
  sample: SessionsSample | null;
  serverId: string;
  profileIds: string[];
  viaProfileId: string;
}

/** A connection nobody wants any more stays this long: tabs are switched to and fro. */
const lingerMs = 10_000;
/** Servers just connected to have other work first. */
const backgroundStartMs = 5000;
/** A sample that takes its time comes seldom: at most a tenth of the time is spent on it. */
const restShare = 10;

/** Watches one server over one connection, one sample at a time, as often as it is wanted. */
export class ServerWatcher {
  readonly #deps: WatcherDeps;
  readonly #sequence: SampleSequence;
  readonly #limitedVia = new Set<string>();
  readonly #refusedVia = new Set<string>();
  #demand: Demand = { live: [], background: [], open: [] };
  #users = 0;
  #link: Link | null = null;
  #lastLink: Link | null = null;
  #opening: { promise: Promise<Link>; abort: AbortController } | null = null;
  #sampling: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #nextAtMs: number | null = null;
  #failures = 0;
  #error: unknown = null;
  #tookMs = 0;
  #isClosed = false;
  #lastStatus = '';

  constructor(deps: WatcherDeps) {
    this.#deps = deps;
    this.#sequence = new SampleSequence(deps.serverId);
  }

  get latest(): Reading | null {
    return this.#sequence.last;
  }

  /** Whether others' sessions are seen; null before the first sample, and while a role that might is untried. */
  get seesAll(): boolean | null {
    const { last } = this.#sequence;
    if (last === null || last.sight.full) return last?.sight.full ?? null;
    return this.#hasUntried() ? null : false;
  }

  snapshot(): SessionsSample | null {
    return this.#sequence.whole();
  }

  status(): WatchStatus {
    const look = this.#lastLink?.look ?? null;
    const pace = this.#pace();
    return {
      serverId: this.#deps.serverId,
      profileIds: this.#deps.profileIds(),
      viaProfileId: this.#link?.viaProfileId ?? null,
      state: this.#state(),
      pace,
      intervalMs: pace === null ? null : this.#intervalMs(),
      error: this.#error === null ? null : toErrorPayload(this.#error, this.#deps.log, 'watching a server'),
      nextTryAtMs: this.#error === null ? null : this.#nextAtMs,
      lastSampleAtMs: this.#sequence.last?.atMs ?? null,
      server: look?.facts ?? null,
      sight: look?.sight ?? null,
    };
  }

  /** Takes effect at once: a first look does not wait for the background's turn. */
  setDemand(demand: Demand): void {
    const wasLive = this.#demand.live.length > 0;
    const wasWanted = this.#pace() !== null;
    this.#demand = demand;
    const isLive = demand.live.length > 0;
    if (this.#sampling === null && this.#error === null) {
      if (isLive && !wasLive) this.#schedule(0);
      else if (this.#pace() !== null && !wasWanted) this.#schedule(backgroundStartMs);
      else if (isLive !== wasLive || this.#pace() === null) this.#scheduleNext();
    } else if (this.#pace() === null) {
      this.#scheduleNext();
    } else if (isLive && !wasLive && this.#nextAtMs !== null && this.#failures > 3) {
      // Somebody looks: the next attempt need not wait out a minute.
      this.#schedule(Math.min(1000, Math.max(0, this.#nextAtMs - this.#deps.clock.nowMs())));
    }
    this.#tellStatus();
  }

  /** Settings changed. */
  reschedule(): void {
    if (this.#sampling === null && this.#error === null) this.#scheduleNext();
    this.#tellStatus();
  }

  /** Samples now, or joins the sample under way. Never rejects: the status tells. */
  async sampleNow(): Promise<void> {
    if (this.#isClosed) return;
    this.#sampling ??= this.#sample().finally(() => {
      this.#sampling = null;
      this.#scheduleNext();
      this.#tellStatus();
    });
    return await this.#sampling;
  }

  /**
   * Lends the connection, opened if need be, in between two samples.
   * @param viaProfileId whose credentials it must be; null for any
   * @throws what connecting throws
   */
  async withLink<T>(viaProfileId: string | null, work: (link: Link) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      await this.#sampling;
      if (viaProfileId !== null && this.#link !== null && this.#link.viaProfileId !== viaProfileId) {
        await this.#drop();
      }
      return await work(await this.#connected(viaProfileId));
    } finally {
      this.#users -= 1;
      // Wanted by nobody else, it is let go of, whatever became of it.
      const isFree = this.#error === null || this.#pace() === null;
      if (this.#sampling === null && isFree) this.#scheduleNext();
    }
  }

  /** The settings of a profile changed: whatever was decided by the old ones is decided anew. */
  async reset(): Promise<void> {
    this.#limitedVia.clear();
    this.#refusedVia.clear();
    this.#failures = 0;
    this.#error = null;
    await this.#drop();
    this.#scheduleNext();
    this.#tellStatus();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#clearTimer();
    await this.#drop();
    await this.#sampling;
  }

  #pace(): 'live' | 'background' | null {
    if (this.#demand.live.length > 0) return 'live';
    return this.#demand.background.length > 0 ? 'background' : null;
  }

  #state(): WatchStatus['state'] {
    if (databaseErrorOf(this.#error)?.code === 'not_supported') return 'unsupported';
    if (this.#error !== null) return 'waiting';
    if (this.#pace() === null) return 'off';
    return this.#link === null ? 'connecting' : 'watching';
  }

  #intervalMs(): number {
    const { liveIntervalMs, backgroundIntervalMs } = this.#deps.settings();
    const wantedMs = this.#pace() === 'live' ? liveIntervalMs : backgroundIntervalMs;
    return Math.max(wantedMs, Math.round(this.#tookMs * restShare));
  }

  async #sample(): Promise<void> {
    this.#clearTimer();
    this.#tellStatus();
    try {
      const link = await this.#connected(null);
      if (link.look.facts.behindPooler) this.#deps.onPoolerFound();
      const reading = await link.sampler.take();
      if (this.#isClosed) return;
      this.#failures = 0;
      this.#error = null;
      // Half of the newest and half of what was: one slow sample changes little.
      this.#tookMs = this.#tookMs === 0 ? reading.tookMs : (this.#tookMs + reading.tookMs) / 2;
      const sample = this.#sequence.add(reading, this.#demand.live.length > 0);
      const { serverId, profileIds, onReading } = this.#deps;
      onReading({ reading, sample, serverId, profileIds: profileIds(), viaProfileId: link.viaProfileId });
      // Whoever asked for this sample gets the best sight there is, not that of whoever was first.
      if (await this.#lookForBetterSight(link)) await this.#sample();
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#isClosed) return;
    this.#failures += 1;
    this.#error = inWatchersWords(error, this.#lastLink?.look.sight ?? null);
    this.#deps.log.warn(
      { serverId: this.#deps.serverId, failures: this.#failures, code: databaseErrorOf(error)?.code },
      'a server could not be watched',
    );
    // A statement that failed is no reason to give up a connection that a full server would not give again.
    if (this.#link?.connection.isBroken !== false) await this.#drop();
  }

  /**
   * A role that sees little is exchanged for the role of another profile that may see more; each is
   * tried once. Resolves to whether the next sample is another role's.
   */
  async #lookForBetterSight(link: Link): Promise<boolean> {
    if (link.look.sight.full || this.#users > 0) return false;
    this.#limitedVia.add(link.viaProfileId);
    if (!this.#hasUntried()) return false;
    await this.#drop();
    return true;
  }

  #hasUntried(): boolean {
    return this.#candidates().some((profileId) => !this.#limitedVia.has(profileId));
  }

  #candidates(): string[] {
    const { live, background, open } = this.#demand;
    return [...new Set([...live, ...background, ...open])].filter(
      (profileId) => !this.#refusedVia.has(profileId),
    );
  }

  #chooseProfile(): string {
    const candidates = this.#candidates();
    const all = [...this.#demand.live, ...this.#demand.background, ...this.#deps.profileIds()];
    const chosen =
      candidates.find((profileId) => !this.#limitedVia.has(profileId)) ?? candidates[0] ?? all[0];
    if (chosen !== undefined) return chosen;
    throw new EngineError('not_found', 'No connection points to that server any more.');
  }

  async #connected(viaProfileId: string | null): Promise<Link> {
    if (this.#isClosed) throw new EngineError('cancelled', 'Poolscope is closing.');
    if (this.#link !== null) return this.#link;
    this.#opening ??= this.#open(viaProfileId ?? this.#chooseProfile());
    const link = await this.#opening.promise;
    if (viaProfileId === null || link.viaProfileId === viaProfileId) return link;
    await this.#drop();
    return await this.#connected(viaProfileId);
  }

  #open(profileId: string): { promise: Promise<Link>; abort: AbortController } {
    const abort = new AbortController();
    const open = async (): Promise<Link> => {
      try {
        const config = await this.#deps.connectConfig(profileId, abort.signal);
        let opened: Link | null = null;
        const onLost = (error: Error) => {
          if (opened !== null && this.#link === opened) this.#onLost(error);
        };
        opened = await openLink({ profileId, config, clock: this.#deps.clock, signal: abort.signal, onLost });
        if (abort.signal.aborted) {
          await opened.connection.end();
          throw new EngineError('cancelled', 'Cancelled.');
        }
        this.#link = opened;
        this.#lastLink = opened;
        return opened;
      } catch (error) {
        if (databaseErrorOf(error)?.code === 'auth_failed') this.#refusedVia.add(profileId);
        // All were refused: next time they are asked again from the start.
        if (this.#candidates().length === 0) this.#refusedVia.clear();
        throw error;
      } finally {
        this.#opening = null;
      }
    };
    return { promise: open(), abort };
  }

  /** The server ended the connection, or the network did. In the middle of a sample that one says so. */
  #onLost(error: Error): void {
    this.#link = null;
    if (this.#isClosed || this.#sampling !== null) return;
    this.#failures += 1;
    this.#error = inWatchersWords(error, this.#lastLink?.look.sight ?? null);
    this.#scheduleNext();
    this.#tellStatus();
  }

  async #drop(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    this.#opening?.abort.abort();
    await Promise.all([link?.connection.end(), this.#opening?.promise.catch(() => {})]);
  }

  #scheduleNext(): void {
    if (this.#isClosed || this.#sampling !== null) return;
    if (this.#pace() === null) {
      this.#clearTimer();
      this.#error = null;
      this.#failures = 0;
      if (this.#users > 0) return;
      this.#timer = setTimeout(() => void this.#drop().then(() => this.#tellStatus()), lingerMs);
      return;
    }
    const delayMs = this.#error === null ? this.#intervalMs() : retryDelayMs(this.#error, this.#failures);
    this.#clearTimer();
    if (delayMs !== null) this.#schedule(delayMs);
  }

  #schedule(delayMs: number): void {
    this.#clearTimer();
    if (this.#isClosed) return;
    this.#nextAtMs = this.#deps.clock.nowMs() + delayMs;
    this.#timer = setTimeout(() => void this.sampleNow(), delayMs);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#nextAtMs = null;
  }

  #tellStatus(): void {
    if (this.#isClosed) return;
    const status = this.status();
    const told = JSON.stringify({ ...status, lastSampleAtMs: null, intervalMs: null });
    if (told === this.#lastStatus) return;
    this.#lastStatus = told;
    this.#deps.onStatus(status);
  }
}

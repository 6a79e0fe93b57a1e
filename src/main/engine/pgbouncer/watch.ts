import type pg from 'pg';
import type { PauseHold, PoolerStatus } from '#shared/contract/pgbouncer.ts';
import { type ConsoleTable, type ConsoleTableName, consoleTableSchema } from '#shared/model/console-table.ts';
import type { HealthReport } from '#shared/model/health.ts';
import { type PoolerSetting, type PoolerTick, poolerNames } from '#shared/model/pooler.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import { EngineError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { toErrorPayload } from '../base/router.ts';
import type { ConsoleAnswer } from './console-connection.ts';
import { notAnswered } from './console-errors.ts';
import { ConsoleHealth } from './console-health.ts';
import { ConsoleLink } from './console-link.ts';
import { Holds, type SavedHold } from './holds.ts';
import { commandsOf } from './product.ts';
import { settingsFrom } from './rows.ts';
import { ConsoleSampler, isRefusal } from './sample.ts';
import { configWithoutSecrets } from './secrets.ts';
import { tableFrom } from './table.ts';

export interface WatchDeps {
  profileId: string;
  profile: ProfileDraft;
  connectionConfig(signal: AbortSignal): Promise<pg.ClientConfig>;
  clock: Clock;
  log: Logger;
  /** A check ended. */
  onReport(report: HealthReport): void;
  onTick(tick: PoolerTick): void;
  onChanged(status: PoolerStatus): void;
  saveHolds(holds: SavedHold[]): Promise<void>;
  record(text: string): void;
}

const watchedEveryMs = 1000;
const leaseMs = 10_000;
/** Big lists take their time on a busy pooler. */
const tableTimeoutMs = 10_000;

/**
 * Watches one console over one connection: samples it once a second while somebody looks and once
 * per health interval otherwise, answers for single tables in between, and keeps the holds. It
 * stands in the place of the pool and its health monitor.
 */
export class ConsoleWatch {
  readonly profile: ProfileDraft;
  readonly holds: Holds;
  readonly #deps: WatchDeps;
  readonly #link: ConsoleLink;
  readonly #sampler: ConsoleSampler;
  /** The last answers, made into tables when they are asked for. */
  readonly #tables = new Map<
    ConsoleTableName,
    { read(): ConsoleTable | Promise<ConsoleTable>; atMs: number }
  >();
  readonly #health = new ConsoleHealth();
  #lastTick: PoolerTick | null = null;
  #state: PoolerStatus['state'] = null;
  #running: Promise<HealthReport> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #watchedUntilMs = Number.NEGATIVE_INFINITY;
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #stopped = false;
  #told = '';

  constructor(deps: WatchDeps) {
    this.#deps = deps;
    this.profile = deps.profile;
    this.#link = new ConsoleLink({
      name: deps.profile.name,
      connectionConfig: deps.connectionConfig,
      timeoutMs: Math.max(1000, deps.profile.healthTimeoutMs),
      onLost: () => {
        this.#sampler.forget();
        this.holds.consoleLost();
      },
    });
    this.#sampler = new ConsoleSampler((command) => this.#askForSample(command));
    this.holds = new Holds({
      open: (timeoutMs, signal) => this.#link.openAnother(timeoutMs, signal),
      clock: deps.clock,
      log: deps.log,
      onChanged: () => this.#tell(),
      save: deps.saveHolds,
      record: deps.record,
    });
  }

  get report(): HealthReport {
    return this.#health.report;
  }

  /** A database answered where a console was expected. */
  get isMistaken(): boolean {
    return this.#link.isDatabase;
  }

  get lastTick(): PoolerTick | null {
    return this.#lastTick;
  }

  /** Null before the first login, while nothing is known of it. */
  status(): PoolerStatus | null {
    const { identity } = this.#link;
    if (identity === null) return null;
    const { profileId, profile } = this.#deps;
    const { failing } = this.#health;
    const holds = this.holds.list();
    return {
      profileId,
      ...identity,
      rights: this.#rights(),
      user: profile.user,
      commands: commandsOf(identity),
      state: this.#state ?? stateFromHolds(holds),
      holds,
      connected: failing === null,
      error: failing,
      missingTables: this.#sampler.missing,
    };
  }

  /** Somebody looks: sampled once a second for a while. */
  lookedAt(): void {
    this.#watchedUntilMs = performance.now() + leaseMs;
    if (this.#stopped || this.#running !== null || this.#health.failing !== null) return;
    this.#schedule(Math.max(0, this.#lastStartMs + watchedEveryMs - performance.now()));
  }

  /** Samples now, or joins the sample under way. Never rejects: what failed is in the report. */
  checkNow(): Promise<HealthReport> {
    if (this.#stopped) return Promise.resolve(this.report);
    this.#running ??= this.#run();
    return this.#running;
  }

  /** @throws EngineError as `pgbouncer.table` says. */
  async table(name: ConsoleTableName, maxAgeMs: number): Promise<ConsoleTable> {
    const last = this.#tables.get(name);
    if (last !== undefined && performance.now() - last.atMs <= maxAgeMs) return await last.read();
    const asked = this.#askTable(name);
    const entry = { read: () => asked, atMs: Number.POSITIVE_INFINITY };
    this.#tables.set(name, entry);
    asked.then(
      () => {
        entry.atMs = performance.now();
      },
      () => {
        if (this.#tables.get(name) === entry) this.#tables.delete(name);
      },
    );
    return await asked;
  }

  async settings(): Promise<PoolerSetting[]> {
    return settingsFrom(configWithoutSecrets(await this.#link.ask('SHOW CONFIG', tableTimeoutMs)));
  }

  /** One command on the connection that watches, for those that answer at once. */
  async give(text: string): Promise<void> {
    await this.#link.ask(text, tableTimeoutMs);
  }

  /** A sample of this moment: one that is under way began before it. @throws EngineError when it fails. */
  async sampleNow(): Promise<PoolerTick> {
    await this.#running;
    const { consecutiveFailures, lastError } = await this.checkNow();
    const { lastTick } = this;
    if (consecutiveFailures === 0 && lastTick !== null) return lastTick;
    const { code, message, details } = lastError ?? notAnswered();
    throw new EngineError(code, message, details);
  }

  /** What was known may have changed by a command. */
  async refresh(): Promise<void> {
    this.#tables.clear();
    this.#sampler.forgetSettings();
    // One that began before the command says nothing of it.
    await this.#running;
    await this.checkNow();
  }

  /** Ends the schedule, and a login that is under way. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#link.identity === null) this.#link.stop();
  }

  /** Resumes what Poolscope paused, then hangs up. */
  async end(deadlineMs: number): Promise<void> {
    this.stop();
    await this.holds.end(deadlineMs * 0.7);
    await this.#link.end(deadlineMs * 0.2);
    await this.#running;
  }

  /** What a sample has read just now need not be asked again for a table. */
  async #askForSample(command: string): Promise<ConsoleAnswer> {
    const answer = await this.#link.ask(command, tableTimeoutMs);
    const { success, data: name } = consoleTableSchema.safeParse(command.replace('SHOW ', '').toLowerCase());
    if (!success) return answer;
    const atMs = this.#deps.clock.nowMs();
    this.#tables.set(name, { read: () => this.#tableOf(name, answer, atMs), atMs: performance.now() });
    return answer;
  }

  async #askTable(name: ConsoleTableName): Promise<ConsoleTable> {
    try {
      const answer = await this.#link.ask(`SHOW ${name.toUpperCase()}`, tableTimeoutMs);
      return this.#tableOf(name, answer, this.#deps.clock.nowMs());
    } catch (error) {
      if (!isRefusal(error) || (error as EngineError).code === 'permission_denied') throw error;
      this.#sampler.noteMissing(name);
      this.#tell();
      const { product, version } = this.#link.identity ?? { product: 'other' as const, version: '' };
      const message = `This ${poolerNames[product]} ${version} has no SHOW ${name.toUpperCase()}.`;
      throw new EngineError('not_supported', message, {}, { cause: error });
    }
  }

  #tableOf(name: ConsoleTableName, answer: ConsoleAnswer, atMs: number): ConsoleTable {
    return tableFrom(name, name === 'config' ? configWithoutSecrets(answer) : answer, atMs);
  }

  async #run(): Promise<HealthReport> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#lastStartMs = performance.now();
    try {
      const { tookMs: roundTripMs } = await this.#link.ask(
        'SHOW VERSION',
        this.#deps.profile.healthTimeoutMs,
      );
      const startedMs = performance.now();
      const { tick, state } = await this.#sampler.take();
      this.#state = state;
      this.#lastTick = {
        profileId: this.#deps.profileId,
        atMs: this.#deps.clock.nowMs(),
        refreshMs: performance.now() - startedMs,
        ...tick,
      };
      if (!this.#stopped) this.#deps.onTick(this.#lastTick);
      this.#health.passed(roundTripMs, this.#deps.clock.nowMs());
    } catch (error) {
      const payload = toErrorPayload(error, this.#deps.log, 'watching a console');
      this.#health.failed(payload, this.#deps.clock.nowMs());
    }
    this.#running = null;
    if (this.#stopped) return this.report;
    this.#scheduleNext();
    this.#tell();
    this.#deps.onReport(this.report);
    return this.report;
  }

  #scheduleNext(): void {
    const { healthIntervalMs } = this.#deps.profile;
    const retryMs = this.#health.retryInMs(healthIntervalMs);
    if (retryMs !== null) {
      this.#schedule(retryMs);
      return;
    }
    const isWatched = performance.now() < this.#watchedUntilMs;
    const everyMs = isWatched ? watchedEveryMs : healthIntervalMs;
    const tookMs = performance.now() - this.#lastStartMs;
    // A pooler that is slow to answer gets at least as long a rest.
    this.#schedule(Math.max(everyMs - tookMs, Math.min(tookMs, everyMs)));
  }

  #schedule(inMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.checkNow(), inMs);
  }

  #rights(): PoolerStatus['rights'] {
    const holds = (key: string) =>
      (this.#sampler.setting(key) ?? '')
        .split(',')
        .map((user) => user.trim())
        .includes(this.#deps.profile.user);
    if (holds('admin_users')) return 'admin';
    return holds('stats_users') ? 'stats' : 'unknown';
  }

  #tell(): void {
    const status = this.status();
    if (status === null) return;
    const words = JSON.stringify({ ...status, error: status.error?.message });
    if (words === this.#told) return;
    this.#told = words;
    this.#deps.onChanged(status);
  }
}

/** Before 1.19 nothing but what we did ourselves tells that the whole pooler is paused. */
function stateFromHolds(holds: PauseHold[]): PoolerStatus['state'] {
  return holds.some(({ database }) => database === null) ? 'paused' : null;
}

import type { PoolerPool, PoolerSetting, PoolerTick } from '#shared/model/pooler.ts';
import { EngineError } from '../base/errors.ts';
import type { ConsoleAnswer } from './console-connection.ts';
import { growthOf } from './growth.ts';
import {
  databasesFrom,
  listsFrom,
  poolsFrom,
  settingsFrom,
  stateFrom,
  type Totals,
  totalsFrom,
  userPoolSizesFrom,
} from './rows.ts';

/** Settings and users change seldom: they are asked for this often, and after every command. */
const settingsAgeMs = 30_000;

export interface Sample {
  tick: Omit<PoolerTick, 'profileId' | 'atMs' | 'refreshMs'>;
  state: 'active' | 'paused' | 'suspended' | null;
}

/** Takes samples of a console, each set against the one before. */
export class ConsoleSampler {
  readonly #ask: (command: string) => Promise<ConsoleAnswer>;
  readonly #missing = new Set<string>();
  #settings: PoolerSetting[] | null = null;
  #userSizes = new Map<string, number>();
  #settingsAtMs = Number.NEGATIVE_INFINITY;
  #before: { totals: Map<string, Totals>; atMs: number } | null = null;

  constructor(ask: (command: string) => Promise<ConsoleAnswer>) {
    this.#ask = ask;
  }

  /** Tables this pooler refused. */
  get missing(): string[] {
    return [...this.#missing];
  }

  /** As last read; null before, and where the pooler shows none. */
  get settings(): PoolerSetting[] | null {
    return this.#settings;
  }

  setting(key: string): string | null {
    return this.#settings?.find((setting) => setting.key === key)?.value ?? null;
  }

  noteMissing(table: string): void {
    this.#missing.add(table);
  }

  /** Totals may have started anew, and another version may answer. */
  forget(): void {
    this.#before = null;
    this.#missing.clear();
    this.forgetSettings();
  }

  forgetSettings(): void {
    this.#settingsAtMs = Number.NEGATIVE_INFINITY;
  }

  /** One command at a time. @throws EngineError when SHOW POOLS fails, or the connection is lost. */
  async take(): Promise<Sample> {
    await this.#readSettings();
    const rawPools = await this.#ask('SHOW POOLS');
    const databases = databasesFrom(await this.#show('databases'));
    const stats = await this.#show('stats');
    // The moment of the totals, not of the end of the sample: rates stand on it.
    const statsAtMs = performance.now();
    const lists = listsFrom(await this.#show('lists'));
    const state = stateFrom(await this.#show('state'));
    const sizes = new Map(databases.map((database) => [database.name, database]));
    const totals = totalsFrom(stats);
    const intervalMs = this.#before === null ? null : statsAtMs - this.#before.atMs;
    const pools = poolsFrom(rawPools).map((pool): PoolerPool => {
      const database = sizes.get(pool.database);
      return {
        ...pool,
        poolMode: pool.poolMode ?? database?.poolMode ?? this.setting('pool_mode'),
        poolSize:
          this.#userSizes.get(pool.user) ?? database?.poolSize ?? numberOf(this.setting('default_pool_size')),
        reservePoolSize: database?.reservePoolSize ?? numberOf(this.setting('reserve_pool_size')),
      };
    });
    const growth = [...totals].map(([database, now]) =>
      growthOf(database, this.#before?.totals.get(database), now, intervalMs),
    );
    this.#before = { totals, atMs: statsAtMs };
    const maxClients = numberOf(this.setting('max_client_conn'));
    const clients = clientsOf(lists, rawPools);
    return { tick: { intervalMs, pools, databases, growth, clients, maxClients }, state };
  }

  async #readSettings(): Promise<void> {
    if (performance.now() - this.#settingsAtMs < settingsAgeMs) return;
    const settings = settingsFrom(await this.#show('config'));
    this.#settings = settings.length === 0 ? null : settings;
    this.#userSizes = userPoolSizesFrom(await this.#show('users'));
    this.#settingsAtMs = performance.now();
  }

  /** Empty where the pooler does not have the table: what it would tell is unknown then. */
  async #show(table: string): Promise<ConsoleAnswer> {
    const nothing = { columns: [], rows: [], tookMs: 0 };
    if (this.#missing.has(table)) return nothing;
    try {
      return await this.#ask(`SHOW ${table.toUpperCase()}`);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#missing.add(table);
      return nothing;
    }
  }
}

/** The console answered, and the answer is no. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof EngineError &&
    ['database_error', 'not_supported', 'permission_denied', 'not_found', 'bad_input'].includes(error.code)
  );
}

const numberOf = (value: string | null): number | null =>
  value === null || value.trim() === '' || !Number.isFinite(Number(value)) ? null : Number(value);

/**
 * Client connections without those to the console, ours among them. Those that are logging in
 * (`login_clients`) are among the used ones (`slab_active_count` in PgBouncer's admin.c).
 */
function clientsOf(lists: Map<string, number | null>, pools: ConsoleAnswer): number | null {
  const used = lists.get('used_clients') ?? null;
  if (used === null) return null;
  const place = (name: string) => pools.columns.findIndex((column) => column.name === name);
  const [database, active] = [place('database'), place('cl_active')];
  const own = pools.rows
    .filter((row) => row[database] === 'pgbouncer')
    .map((row) => Number(row[active] ?? 0));
  return Math.max(0, used - own.reduce((sum, count) => sum + count, 0));
}

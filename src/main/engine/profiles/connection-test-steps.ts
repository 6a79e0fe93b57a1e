import type { TestStage } from '#shared/contract/connection-test.ts';
import { identityOf, looksLikeConsole, type PoolerIdentity } from '#shared/model/pooler-identity.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { EngineError } from '../base/errors.ts';
import { databaseErrorOf } from '../base/pg-errors.ts';
import { type ConnectionSecrets, hostsOf } from './connection-terms.ts';
import { endsTheList, noHostLeft } from './host-errors.ts';
import { consoleName, createHostTest, type HostTest } from './host-test.ts';
import type { Limits } from './server-socket.ts';

/** The steps of one test. Each answers with what it found, of several hosts for each that is left. */
export interface TestSteps {
  run: Record<TestStage, () => Promise<string>>;
  /** Leaves nothing open, at whatever step the test stopped. */
  close(): Promise<void>;
}

const survey = `
  select current_user as "userName",
    current_setting('is_superuser') = 'on' as "superuser",
    exists (select from pg_roles where rolname = 'pg_monitor' and pg_has_role(oid, 'member')) as "monitor",
    (select count(*)::int from pg_stat_activity
      where backend_type = 'client backend' or (backend_type is null and datid is not null)) as "used",
    current_setting('max_connections')::int as "maximum"`;

interface Survey {
  userName: string;
  superuser: boolean;
  monitor: boolean;
  used: number;
  maximum: number;
}

function surveyFinding({ userName, superuser, monitor, used, maximum }: Survey): string {
  const rights = superuser
    ? 'superuser'
    : monitor
      ? 'member of pg_monitor'
      : `sees little of other users' sessions; GRANT pg_monitor TO ${userName} helps`;
  return `${used} of ${maximum} connections in use · ${userName}, ${rights}`;
}

/** The consoles of poolers other than PgBouncer log in as databases do; SHOW VERSION tells them apart. */
async function poolerBehind(
  { client, serverVersion }: HostTest,
  database: string,
): Promise<PoolerIdentity | null> {
  const named = identityOf(serverVersion);
  if (named?.product === 'pgbouncer' || !looksLikeConsole(database)) return named;
  try {
    const result = await client?.query<Record<string, string>>('SHOW VERSION');
    const words = Object.values(result?.rows[0] ?? {})[0];
    return words === undefined ? null : (identityOf(words) ?? { product: 'other', version: words });
  } catch (error) {
    // A database knows no such setting.
    if (databaseErrorOf(error)?.details.sqlState === undefined) throw error;
    return null;
  }
}

async function consoleRights({ client }: HostTest, user: string): Promise<string> {
  const result = await client?.query<{ key: string; value: string | null }>('SHOW CONFIG').catch(() => null);
  const lists = (key: string) =>
    (result?.rows.find((row) => row.key === key)?.value ?? '').split(/\s*,\s*/).includes(user);
  if (lists('admin_users')) return 'may watch and give commands';
  return lists('stats_users') ? 'may watch, not give commands' : 'rights not told';
}

export function createTestSteps(
  draft: ProfileDraft,
  secrets: () => Promise<ConnectionSecrets>,
  limits: Limits,
): TestSteps {
  const all = hostsOf(draft).map((at) => createHostTest(draft, at, secrets, limits));
  const isLone = all.length === 1;
  const left = new Set(all);
  /** The one that was logged in to. */
  let chosen: HostTest | null = null;
  const reasons: { host: HostTest['at']; error: Error }[] = [];

  const leave = (test: HostTest, error: unknown) => {
    if (isLone || limits.signal.aborted) throw error;
    left.delete(test);
    reasons.push({ host: test.at, error: error as Error });
    test.abort();
  };
  const place = ({ at }: HostTest) => `${at.host} port ${at.port}`;
  const found = (test: HostTest, finding: string) => (isLone ? finding : `${place(test)}: ${finding}`);

  /** One after another; fails when no host is left. */
  async function each(step: (test: HostTest) => Promise<string>): Promise<string> {
    const findings: string[] = [];
    for (const test of [...left]) {
      try {
        findings.push(found(test, await step(test)));
      } catch (error) {
        leave(test, error);
      }
    }
    if (left.size === 0) throw noHostLeft(reasons);
    return findings.join(' · ');
  }

  /** In order, as pools do: the first server that will do is the one. */
  async function login(): Promise<string> {
    let second: { test: HostTest; finding: string } | null = null;
    for (const test of [...left]) {
      try {
        const finding = await test.login();
        const reason = await test.unfitness();
        if (reason === null) {
          chosen = test;
          return found(test, finding);
        }
        if (draft.targetSessionAttrs === 'prefer-standby') {
          second ??= { test, finding };
          continue;
        }
        const remedy = 'Name another host, or choose other session attributes.';
        throw new EngineError('server_unavailable', `The server will not do: ${reason}.`, { remedy });
      } catch (error) {
        if (endsTheList(error)) throw error;
        leave(test, error);
      }
    }
    if (second === null) throw noHostLeft(reasons);
    chosen = second.test;
    return found(second.test, `${second.finding.slice(0, -1)}; no standby answered.`);
  }

  const run: TestSteps['run'] = {
    name: () => each((test) => test.name()),
    tcp: () => each((test) => test.tcp()),
    tls: () => each((test) => test.tls()),
    login,
    async query() {
      if (chosen === null) throw new Error('the steps of a connection test run in order');
      const test = chosen;
      const pooler = await poolerBehind(test, draft.database);
      if (pooler !== null)
        return `${consoleName(pooler)} · ${draft.user}, ${await consoleRights(test, draft.user)}`;
      const result = await test.client?.query<Survey>(survey);
      const row = result?.rows[0];
      if (row === undefined) throw new Error('Connection terminated');
      return surveyFinding(row);
    },
  };

  const onCancel = () => {
    for (const test of all) test.abort();
  };
  limits.signal.addEventListener('abort', onCancel, { once: true });

  return {
    run,
    async close() {
      limits.signal.removeEventListener('abort', onCancel);
      await Promise.all(all.map((test) => test.close()));
    },
  };
}

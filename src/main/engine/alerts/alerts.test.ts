import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '#shared/model/alert.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';
import { startTestPooler } from '../../../../tests/support/pgbouncer.ts';
import { startTestServer, type TestServer } from '../../../../tests/support/postgres-server.ts';
import { makeCertificates } from '../../../../tests/support/tls-certificates.ts';

const patience = { timeout: 40_000 };
const soon = <T>(get: () => T) => expect.poll(get, patience);

let server: TestServer;
let app: TestEngine;
const running: Promise<unknown>[] = [];

beforeAll(async () => {
  server = await startTestServer({ version: 15 });
  await server.admin(async (client) => {
    await client.query('create table stock (id int primary key, left_over int)');
    await client.query('insert into stock values (1, 10)');
  });
});
beforeEach(async () => {
  app = await startTestEngine();
});
afterEach(async () => {
  await app.close();
  await Promise.all(running.splice(0));
});
afterAll(() => server?.stop());

const statement = { parameters: [], timeoutMs: 60_000, lockTimeoutMs: 60_000 };

/** The rule of a new installation, with changes. */
async function change(ruleId: string, changes: Partial<AlertRule>): Promise<void> {
  const rule = (await app.call('alerts.rules', {})).find((known) => known.ruleId === ruleId);
  await app.call('alerts.saveRule', { rule: { ...(rule as AlertRule), ...changes } });
}

const open = async (ruleId: string): Promise<Alert | undefined> => {
  const query = { which: 'open' as const, profileId: null, limit: 200, before: null };
  return (await app.call('alerts.list', query)).alerts.find((alert) => alert.ruleId === ruleId);
};
const over = async (): Promise<Alert[]> =>
  (await app.call('alerts.list', { which: 'history', profileId: null, limit: 200, before: null })).alerts;

/** A pool of five: one connection idle in a transaction that holds a row, fifty workers that want it. */
async function incident(): Promise<{ profileId: string; fix(): Promise<void> }> {
  const draft = server.draft({
    name: 'shop',
    max: 5,
    healthIntervalMs: 1000,
    healthTimeoutMs: 1000,
    waitTimeoutMs: 300_000,
    queryWrites: true,
    applicationName: 'Shop',
  });
  const profileId = await app.opened(draft, server.password);
  const transactionId = randomUUID();
  const text = 'update stock set left_over = left_over - 1 where id = 1';
  const run = (transaction: string | null) =>
    app.call('query.run', {
      ...statement,
      ...{ runId: randomUUID(), profileId, transactionId: transaction, text, rowLimit: 10, mode: 'write' },
    } as never);
  await app.call('query.begin', { transactionId, profileId, mode: 'write', idleLimitMs: 600_000 });
  await run(transactionId);
  for (let worker = 0; worker < 50; worker += 1) running.push(run(null).catch(() => {}));
  return {
    profileId,
    async fix() {
      await app.call('query.rollback', { transactionId });
    },
  };
}

describe('an incident', () => {
  it('raises the right alert with the right cause, and it is over after the fix', {
    timeout: 120_000,
  }, async () => {
    // Long enough for health checks to find the pool busy before it fires.
    await change('pending', { forMs: 8000 });
    const { profileId, fix } = await incident();
    await soon(() => open('pending')).toMatchObject({ state: 'firing', profileId, connectionName: 'shop' });
    await soon(async () => (await open('pending'))?.causes[0]?.evidence).toContain('(Shop query)');
    const alert = (await open('pending')) as Alert;
    expect(alert.sentence).toMatch(/^\d+ requests wait for a connection; the longest has waited/);
    const [cause] = alert.causes;
    expect(cause?.causeId).toBe('blocker');
    const { rows } = await server.admin((client) =>
      client.query(
        "select pid from pg_stat_activity where state = 'idle in transaction' and application_name = 'Shop query'",
      ),
    );
    expect(cause?.evidence).toContain(`pid ${rows[0].pid} (Shop query), idle in a transaction for`);
    expect(cause?.session?.pid).toBe(rows[0].pid);
    expect(alert.causes.find(({ causeId }) => causeId === 'idleInTransaction')?.evidence).toContain(
      'keeps a connection of this pool',
    );

    // Told of outside of the window as well; by now, or once what fires together has been gathered.
    await soon(() => app.heard('alerts.notification').flatMap(({ alertIds }) => alertIds)).toContain(
      alert.alertId,
    );

    const [acknowledged] = await app.call('alerts.acknowledge', { alertIds: [alert.alertId] });
    expect(acknowledged).toMatchObject({ state: 'acknowledged' });
    await fix();
    await soon(async () => (await over()).find(({ ruleId }) => ruleId === 'pending')).toMatchObject({
      alertId: alert.alertId,
      ending: 'recovered',
    });
    expect(await open('pending')).toBeUndefined();
    // A page after an alert that is kept no longer is the end, not the first page once more.
    const page = { which: 'history' as const, profileId: null, limit: 200, before: randomUUID() };
    expect(await app.call('alerts.list', page)).toEqual({ alerts: [], next: null });

    const told = await app.call('history.events', {
      profileId,
      fromMs: alert.sinceMs - 60_000,
      toMs: Date.now() + 60_000,
    });
    const ofRule = told.filter(({ text }) => text.startsWith(`${alert.ruleName}:`)).map(({ kind }) => kind);
    expect(ofRule).toEqual(['alertFired', 'alertResolved']);
    // Seen as it happens by every window.
    const heard = app.heard('alerts.changed').flatMap(({ alerts }) => alerts);
    expect(heard.some(({ alertId, state }) => alertId === alert.alertId && state === 'resolved')).toBe(true);

    // The same rule on what was recorded of it.
    const rule = (await app.call('alerts.rules', {})).find(({ ruleId }) => ruleId === 'pending') as AlertRule;
    const range = { fromMs: alert.sinceMs - 60_000, toMs: Date.now() + 1000 };
    const test = await app.call('alerts.testRule', { testId: randomUUID(), rule, ...range });
    expect(test).toMatchObject({
      hitCount: 1,
      isExact: true,
      hits: [{ profileId, firedAtMs: alert.firedAtMs }],
    });
    expect(test.sentence).toMatch(/^Would have fired once, for/);
  });

  it('keeps quiet about what is snoozed, and still lists it', { timeout: 90_000 }, async () => {
    await change('pending', { forMs: 1000 });
    for (const rule of await app.call('alerts.rules', {})) {
      if (rule.ruleId !== 'pending') await change(rule.ruleId, { enabled: false });
    }
    const snooze = await app.call('alerts.snooze', {
      ruleId: 'pending',
      profileId: null,
      durationMs: 600_000,
    });
    const { fix } = await incident();
    await soon(() => open('pending')).toMatchObject({ state: 'firing', snoozedUntilMs: snooze.untilMs });
    expect(await app.call('alerts.counts', {})).toEqual({
      critical: 0,
      warning: 0,
      acknowledged: 0,
      snoozed: 1,
    });
    await app.call('alerts.unsnooze', { snoozeId: snooze.snoozeId });
    expect(await app.call('alerts.counts', {})).toEqual({
      critical: 0,
      warning: 1,
      acknowledged: 0,
      snoozed: 0,
    });
    expect(app.heard('alerts.notification')).toEqual([]);
    await fix();
  });
});

describe('a server that goes away', () => {
  it('is told of with the error, and over as soon as it is back', { timeout: 120_000 }, async () => {
    const profileId = await app.opened(
      server.draft({ name: 'gone', healthIntervalMs: 1000 }),
      server.password,
    );
    await soon(async () => (await app.call('alerts.standings', { profileId })).length).toBeGreaterThan(0);
    await server.kill();
    await soon(() => open('unhealthy')).toMatchObject({ severity: 'critical', profileId });
    const alert = (await open('unhealthy')) as Alert;
    expect(alert.causes[0]).toMatchObject({ causeId: 'serverDown' });
    expect(alert.causes[0]?.evidence).not.toBeNull();
    await server.start();
    await soon(async () => (await over()).some(({ alertId }) => alertId === alert.alertId)).toBe(true);
    const overview = await app.call('health.overview', {});
    expect(overview).toMatchObject({
      state: 'healthy',
      counts: { healthy: 1 },
      pools: [{ profileId, name: 'gone' }],
    });
    const range = { fromMs: alert.sinceMs - 600_000, toMs: Date.now() };
    await soon(async () =>
      (await app.call('health.timeline', { profileId, ...range })).map(({ state }) => state),
    ).toEqual(['healthy', 'unhealthy', 'healthy']);
  });

  it('opens the breaker, which is told of and over once a connection is opened again', {
    timeout: 120_000,
  }, async () => {
    const profileId = await app.opened(
      server.draft({ healthIntervalMs: 1000, breakerThreshold: 2, breakerHalfOpenMs: 1500, retries: 0 }),
      server.password,
    );
    await soon(async () => (await app.call('alerts.standings', { profileId })).length).toBeGreaterThan(0);
    const standing = async () =>
      (await app.call('alerts.standings', { profileId })).find(({ ruleId }) => ruleId === 'breaker-open');
    expect(await standing()).toMatchObject({ state: 'calm', value: 0 });
    await server.kill();
    try {
      await soon(() => open('breaker-open')).toMatchObject({ severity: 'critical', profileId });
      expect((await open('breaker-open'))?.causes[0]?.evidence).not.toBeNull();
      const { alertId } = (await open('breaker-open')) as Alert;
      await server.start();
      await soon(async () => (await over()).find((alert) => alert.alertId === alertId)).toMatchObject({
        ending: 'recovered',
      });
      expect(await standing()).toMatchObject({ value: 0 });
      // Attempts that failed meanwhile ended nothing.
      expect((await over()).filter(({ ruleId }) => ruleId === 'breaker-open')).toHaveLength(1);
    } finally {
      await server.start();
    }
  });

  it('ends its alerts as not watched when its pool is closed', { timeout: 90_000 }, async () => {
    const profileId = await app.opened(server.draft({ healthIntervalMs: 1000 }), server.password);
    await server.kill();
    await soon(() => open('unhealthy')).toBeDefined();
    await app.call('pools.close', { profileId });
    expect((await over())[0]).toMatchObject({ state: 'resolved', ending: 'connectionClosed' });
    await server.start();
  });
});

describe('rules', () => {
  it('say what a connection does not tell instead of pretending', { timeout: 60_000 }, async () => {
    const draft = { ...server.draft(), breakerThreshold: 0 };
    const profileId = await app.opened(draft, server.password);
    await soon(async () => (await app.call('alerts.standings', { profileId })).length).toBeGreaterThan(10);
    const standings = await app.call('alerts.standings', { profileId });
    const of = (ruleId: string) => standings.find((standing) => standing.ruleId === ruleId);
    expect(of('utilization')).toMatchObject({ state: 'calm', noDataReason: null });
    expect(of('long-hold')).toMatchObject({ state: 'calm', value: expect.any(Number) });
    expect(of('breaker-open')).toMatchObject({
      state: 'noData',
      noDataReason: 'This connection has no circuit breaker.',
    });
    expect(of('certificate-30')).toMatchObject({ state: 'noData', value: null });
    expect(of('pooler-paused')?.noDataReason).toBe('This connection is not the console of a pooler.');
  });

  it('that could never fire are refused in words, and those that hardly can are said', async () => {
    const [rule] = (await app.call('alerts.rules', {})) as [AlertRule];
    const wrong = { ...rule, kind: 'utilization' as const, threshold: 120, clearThreshold: 90 };
    expect(await app.failure('alerts.saveRule', { rule: wrong })).toMatchObject({
      code: 'bad_input',
      details: { fields: { 'rule.threshold': expect.stringContaining('could never fire') } },
    });
    const draft = server.draft({ waitTimeoutMs: 1000 });
    await app.call('profiles.create', { draft, password: { kind: 'clear' } });
    const patient = { ...rule, kind: 'waitP95' as const, threshold: 5000, clearThreshold: 5000 };
    const { warnings } = await app.call('alerts.saveRule', { rule: patient });
    expect(warnings).toEqual([expect.stringContaining('requests give up after 1 s')]);
  });

  it('come back after a deletion, a reset and its undo, and a restart', async () => {
    const before = await app.call('alerts.rules', {});
    const deleted = await app.call('alerts.deleteRule', { ruleId: 'utilization' });
    expect(await app.failure('alerts.deleteRule', { ruleId: 'utilization' })).toMatchObject({
      code: 'not_found',
    });
    await app.call('alerts.saveRule', { rule: deleted });
    expect(await app.call('alerts.rules', {})).toEqual(before);
    await change('pending', { name: 'Mine' });
    const { replaced } = await app.call('alerts.resetRules', {});
    expect(await app.call('alerts.rules', {})).toEqual(before);
    const again = await app.call('alerts.replaceRules', { rules: replaced });
    expect(again.some(({ name }) => name === 'Mine')).toBe(true);
    await app.close({ keepFolder: true });
    app = await startTestEngine(app.dataFolder);
    expect(await app.call('alerts.rules', {})).toEqual(again);
  });

  it('of a damaged file are set aside, and the usual ones watch', async () => {
    await change('pending', { name: 'Mine' });
    await app.close({ keepFolder: true });
    await writeFile(path.join(app.dataFolder, 'alert-rules.json'), '{"version":1,"content":[{"ruleId":');
    app = await startTestEngine(app.dataFolder);
    const { notices } = await app.call('app.info', {});
    expect(notices.map(({ message }) => message).join()).toContain('kept as alert-rules.corrupt-');
    expect((await app.call('alerts.rules', {})).some(({ name }) => name === 'Requests waiting')).toBe(true);
  });
});

describe('a pool', () => {
  it('is told of that holds a connection for long, until it is given back', { timeout: 90_000 }, async () => {
    await change('long-hold', { threshold: 1500, clearThreshold: 1500 });
    const profileId = await app.opened(server.draft(), server.password);
    const transactionId = randomUUID();
    await app.call('query.begin', { transactionId, profileId, mode: 'readOnly', idleLimitMs: 600_000 });
    await soon(() => open('long-hold')).toMatchObject({
      sentence: expect.stringMatching(/^A connection of the pool has been held for .* without a release\.$/),
    });
    await app.call('query.rollback', { transactionId });
    await soon(() => open('long-hold')).toBeUndefined();
  });

  it('is told of whose server has a certificate near its end', { timeout: 90_000 }, async () => {
    const certificates = await makeCertificates();
    try {
      await certificates.install(server, 'good');
      await app.opened(server.draft({ tlsMode: 'require', min: 1 }), server.password);
      await soon(() => open('certificate-7')).toMatchObject({
        severity: 'critical',
        sentence: 'The certificate of the server expires in 1 day.',
        causes: [{ causeId: 'certificateOld' }],
      });
    } finally {
      await certificates.install(server, null);
      await certificates.remove();
    }
  });
});

describe('a pooler', () => {
  it('that is paused is told of until it is resumed', { timeout: 90_000 }, async () => {
    const pooler = await startTestPooler(server, { databases: { app: 'postgres' } });
    try {
      const profileId = await app.opened({ ...pooler.draft(), healthIntervalMs: 1000 }, pooler.password);
      await soon(
        async () =>
          (await app.call('alerts.standings', { profileId })).find(({ ruleId }) => ruleId === 'pooler-paused')
            ?.state,
      ).toBe('calm');
      await pooler.console('PAUSE app');
      await soon(() => open('pooler-paused')).toMatchObject({ sentence: 'Paused on the pooler: app.' });
      await pooler.console('RESUME app');
      await soon(() => open('pooler-paused')).toBeUndefined();
      expect((await over())[0]).toMatchObject({ ruleId: 'pooler-paused', ending: 'recovered' });
    } finally {
      await app.call('pools.closeAll', {});
      await pooler.stop();
    }
  });
});

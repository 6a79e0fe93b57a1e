import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#engine/base/clock.ts';
import { EngineError } from '#engine/base/errors.ts';
import { silentLogger } from '#engine/base/log.ts';
import { type AlertSettings, alertSettingsDefaults, webhookUrlProblem } from '#shared/contract/alerts.ts';
import { alertOf, startTarget, type Target } from '../../../../../tests/support/alerts.ts';
import { eventually } from '../../../../../tests/support/eventually.ts';
import { Webhook } from './webhook.ts';

let target: Target;
let webhook: Webhook;
let settings: AlertSettings['webhook'];
let secret: () => Promise<string | null>;
const noCancel = new AbortController().signal;

beforeEach(async () => {
  target = await startTarget();
  settings = { ...alertSettingsDefaults.webhook, enabled: true, url: target.url };
  secret = async () => 'a secret of some length';
  webhook = new Webhook({
    clock: systemClock,
    log: silentLogger(),
    version: '1.2.3',
    settings: () => settings,
    secret: () => secret(),
    onChanged: () => {},
    timing: { timeoutMs: 1500, firstRetryMs: 20 },
  });
});
afterEach(async () => {
  await webhook.close();
  await target.close();
});

describe('the webhook', () => {
  it('delivers an alert as JSON, signed so that the target can tell who sent it', async () => {
    webhook.send('alert.fired', alertOf());
    await eventually(() => webhook.lastDelivery).toMatchObject({
      outcome: 'delivered',
      status: 200,
      attempts: 1,
    });
    const [{ headers, body }] = target.received as [Target['received'][0]];
    const expected = createHmac('sha256', 'a secret of some length').update(body).digest('hex');
    expect(headers['x-poolscope-signature']).toBe(`sha256=${expected}`);
    expect(headers['content-type']).toContain('application/json');
    expect(JSON.parse(body)).toMatchObject({
      poolscope: '1.2.3',
      event: 'alert.fired',
      alert: {
        rule: 'Requests waiting',
        connection: 'shop',
        state: 'firing',
        summary: '12 requests wait for a connection.',
      },
    });
  });

  it('tries again while the target is in trouble, one delivery after another', async () => {
    target.answer(503, 500, 200);
    webhook.send('alert.fired', alertOf());
    webhook.send('alert.resolved', alertOf({ state: 'resolved', ending: 'recovered', resolvedAtMs: 20_000 }));
    await eventually(() => target.received.length).toBe(4);
    const events = target.received.map(({ body }) => JSON.parse(body).event);
    expect(events).toEqual(['alert.fired', 'alert.fired', 'alert.fired', 'alert.resolved']);
    await eventually(() => webhook.waiting).toBe(0);
    expect(webhook.lastDelivery).toMatchObject({ outcome: 'delivered', attempts: 1, error: null });
  });

  it('gives up on a target that stays in trouble, and says so', async () => {
    target.answer(500);
    webhook.send('alert.fired', alertOf());
    await eventually(() => webhook.lastDelivery?.outcome).toBe('failed');
    expect(webhook.lastDelivery).toMatchObject({
      attempts: 5,
      status: 500,
      error: { code: 'webhook_failed' },
    });
    expect(target.received).toHaveLength(5);
  });

  it.each([
    [302, 'points elsewhere; redirects are not followed'],
    [404, 'refused the alert with status 404'],
    [403, 'refused the alert with status 403'],
  ])('does not try again, nor go elsewhere, after %i', async (status, words) => {
    target.answer(status);
    webhook.send('alert.fired', alertOf());
    await eventually(() => webhook.lastDelivery?.outcome).toBe('failed');
    expect(webhook.lastDelivery?.error?.message).toContain(words);
    // The path may be a secret.
    expect(JSON.stringify(webhook.lastDelivery)).not.toContain('hidden');
    expect(target.received.map(({ path }) => path)).toEqual(['/hook?key=hidden']);
  });

  it('says that a target hangs, that nothing listens, and that a name is unknown', async () => {
    target.answer('hang');
    const hung = await webhook.test(target.url, noCancel);
    expect(hung).toMatchObject({ outcome: 'failed', status: null });
    expect(hung.error?.message).toMatch(/^127\.0\.0\.1:\d+ did not answer within 1\.5 seconds\.$/);
    const refused = await webhook.test('http://127.0.0.1:1/hook', noCancel);
    expect(refused.error?.message).toContain('nothing accepts connections there');
    const unknown = await webhook.test('https://nowhere.invalid/hook', noCancel);
    expect(unknown.error).toMatchObject({ code: 'webhook_failed', details: { remedy: expect.any(String) } });
  });

  it('sends nothing unsigned that should be signed', async () => {
    secret = () => Promise.reject(new EngineError('vault_failed', 'The vault is locked.'));
    webhook.send('alert.fired', alertOf());
    await eventually(() => webhook.lastDelivery?.error?.code).toBe('vault_failed');
    expect(target.received).toEqual([]);
  });

  it('sends nothing while it is off, and of what is over only when asked to', async () => {
    settings = { ...settings, sendResolved: false };
    webhook.send('alert.resolved', alertOf());
    settings = { ...settings, enabled: false };
    webhook.send('alert.fired', alertOf());
    expect(webhook.waiting).toBe(0);
  });

  it('ends with Poolscope though the target hangs', async () => {
    target.answer('hang');
    webhook.send('alert.fired', alertOf());
    await eventually(() => target.received.length).toBe(1);
    await webhook.close();
    expect(webhook.waiting).toBe(0);
  });
});

describe('the address of a webhook', () => {
  it.each([
    ['https://hooks.example.com/a/b?c=d', null],
    ['http://localhost:8080/hook', null],
    ['http://127.0.0.1/hook', null],
    ['http://[::1]:9000/', null],
    ['http://hooks.example.com/', 'only for this computer'],
    ['http://127.0.0.1.example.com/', 'only for this computer'],
    ['https://me:secret@example.com/', 'must not hold a user or password'],
    ['ftp://example.com/', 'must begin with https://'],
    ['example.com/hook', 'whole URL'],
  ])('%s', (url, words) => {
    const problem = webhookUrlProblem(url);
    if (words === null) expect(problem).toBeNull();
    else expect(problem).toContain(words);
  });
});

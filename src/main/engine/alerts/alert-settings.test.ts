import { createHmac } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertSettingsDefaults } from '#shared/contract/alerts.ts';
import { startTarget, type Target } from '../../../../tests/support/alerts.ts';
import { startTestEngine, type TestEngine } from '../../../../tests/support/engine.ts';

const secret = 'correct horse battery staple';
let app: TestEngine;
let target: Target;

beforeEach(async () => {
  app = await startTestEngine();
  target = await startTarget();
});
afterEach(async () => {
  await app.close();
  await target.close();
});

const withWebhook = () => ({
  ...alertSettingsDefaults,
  webhook: { enabled: true, url: target.url, sendResolved: true },
});

async function everyFile(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const texts = await Promise.all(
    files.map((file) => readFile(path.join(file.parentPath, file.name), 'latin1')),
  );
  return texts.join('\n');
}

describe('the settings of alerts', () => {
  it('are quiet to begin with: no sound, no webhook', async () => {
    expect(await app.call('alerts.settings', {})).toEqual({
      settings: alertSettingsDefaults,
      shownBy: 'page',
      hasWebhookSecret: false,
      webhookWaiting: 0,
      lastDelivery: null,
    });
    expect(alertSettingsDefaults).toMatchObject({ sound: false, webhook: { enabled: false } });
  });

  it('keep the signing secret in the vault alone, and use it', async () => {
    const set = { settings: withWebhook(), webhookSecret: { kind: 'set' as const, value: secret } };
    const view = await app.call('alerts.setSettings', set);
    expect(view).toMatchObject({ settings: withWebhook(), hasWebhookSecret: true });
    expect(app.heard('alerts.settingsChanged')).toEqual([view]);
    expect(await app.call('alerts.testWebhook', { url: target.url })).toMatchObject({ outcome: 'delivered' });
    const [{ headers, body }] = target.received as [Target['received'][0]];
    expect(JSON.parse(body)).toMatchObject({ event: 'test', alert: null });
    expect(headers['x-poolscope-signature']).toBe(
      `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    );
    expect(JSON.stringify(view)).not.toContain(secret);
    expect(await everyFile(app.dataFolder)).not.toContain(secret);
  });

  it('outlast a restart; a secret that the vault forgot is asked for again, and nothing goes out unsigned', async () => {
    await app.call('alerts.setSettings', {
      settings: withWebhook(),
      webhookSecret: { kind: 'set', value: secret },
    });
    await app.close({ keepFolder: true });
    app = await startTestEngine(app.dataFolder);
    expect(await app.call('alerts.settings', {})).toMatchObject({
      settings: withWebhook(),
      hasWebhookSecret: true,
    });
    const delivery = await app.call('alerts.testWebhook', { url: target.url });
    expect(delivery).toMatchObject({ outcome: 'failed', error: { code: 'vault_failed' } });
    expect(target.received).toEqual([]);
    const cleared = await app.call('alerts.setSettings', {
      settings: withWebhook(),
      webhookSecret: { kind: 'clear' },
    });
    expect(cleared.hasWebhookSecret).toBe(false);
    expect(await app.call('alerts.testWebhook', { url: target.url })).toMatchObject({ outcome: 'delivered' });
  });

  it('refuse an address that secrets should not go to, in words', async () => {
    const settings = {
      ...withWebhook(),
      webhook: { enabled: true, url: 'http://example.com/hook', sendResolved: true },
    };
    const refused = await app.failure('alerts.setSettings', { settings, webhookSecret: { kind: 'keep' } });
    expect(refused).toMatchObject({
      code: 'bad_input',
      details: { fields: { 'settings.webhook.url': expect.stringContaining('only for this computer') } },
    });
    const none = { ...withWebhook(), webhook: { enabled: true, url: '', sendResolved: true } };
    expect(
      await app.failure('alerts.setSettings', { settings: none, webhookSecret: { kind: 'keep' } }),
    ).toMatchObject({
      details: { fields: { 'settings.webhook.url': 'Enter the address to send alerts to.' } },
    });
  });

  it('let a notification be tried', async () => {
    const shown = await app.call('alerts.testNotification', {});
    expect(shown).toMatchObject({ title: 'Poolscope can reach you', shownByShell: false, sound: false });
    expect(app.heard('alerts.notification')).toEqual([shown]);
  });
});

describe('snoozes', () => {
  it('replace one another for the same things, outlast a restart, and end', async () => {
    await app.call('alerts.snooze', { ruleId: 'pending', profileId: null, durationMs: 60_000 });
    const longer = await app.call('alerts.snooze', {
      ruleId: 'pending',
      profileId: null,
      durationMs: 600_000,
    });
    const all = await app.call('alerts.snooze', { ruleId: null, profileId: null, durationMs: 120_000 });
    expect(await app.call('alerts.snoozes', {})).toEqual([all, longer]);
    await app.close({ keepFolder: true });
    app = await startTestEngine(app.dataFolder);
    expect(await app.call('alerts.snoozes', {})).toEqual([all, longer]);
    await app.call('alerts.unsnooze', { snoozeId: all.snoozeId });
    expect(app.heard('alerts.snoozesChanged')).toEqual([[longer]]);
    expect(
      await app.failure('alerts.snooze', { ruleId: null, profileId: null, durationMs: 5 }),
    ).toMatchObject({
      message: 'Snooze for at least a minute.',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { alertSettingsDefaults } from '#shared/contract/alerts.ts';
import { checkedWebhook, webhookValuesOf } from './webhook-values.ts';

const values = { ...webhookValuesOf(alertSettingsDefaults), enabled: true, url: 'https://example.com/hook' };
const checked = (change: Partial<typeof values>) =>
  checkedWebhook({ ...values, ...change }, alertSettingsDefaults);

describe('the webhook as it is typed', () => {
  it('keeps the stored secret unless another is typed or it is to go', () => {
    expect(checked({})).toMatchObject({ change: { webhookSecret: { kind: 'keep' } } });
    expect(checked({ clearsSecret: true })).toMatchObject({ change: { webhookSecret: { kind: 'clear' } } });
    expect(checked({ secret: 'sixteen letters!' })).toMatchObject({
      change: { webhookSecret: { kind: 'set', value: 'sixteen letters!' } },
    });
  });

  it('is told what cannot be, beside the field', () => {
    expect(checked({ url: '' })).toMatchObject({
      errors: { url: expect.stringMatching(/Enter the address/) },
    });
    expect(checked({ url: 'http://example.com' })).toMatchObject({
      errors: { url: expect.stringMatching(/only for this computer/) },
    });
    expect(checked({ url: 'nonsense', secret: 'short' })).toMatchObject({
      errors: {
        url: expect.stringMatching(/whole URL/),
        secret: expect.stringMatching(/at least 16 characters/),
      },
    });
  });
});

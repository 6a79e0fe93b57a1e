import { describe, expect, it } from 'vitest';
import { RequestError } from '../bridge/client.ts';
import { isCancelled, payloadOf } from './errors.ts';

describe('what is shown of an error', () => {
  it("is the engine's own words", () => {
    const payload = {
      code: 'auth_failed' as const,
      message: 'The server did not accept the password.',
      details: { remedy: 'Enter it again.', sqlState: '28P01' },
    };
    expect(payloadOf(new RequestError(payload))).toEqual(payload);
  });

  it('never is the text of an error nobody expected', () => {
    const shown = payloadOf(new TypeError('undefined is not a function'));
    expect(JSON.stringify(shown)).not.toContain('undefined');
    expect(shown.details.remedy).toBeDefined();
  });

  it('is nothing when the user cancelled', () => {
    expect(isCancelled(new RequestError({ code: 'cancelled', message: 'Cancelled.', details: {} }))).toBe(
      true,
    );
    expect(isCancelled(new Error('cancelled'))).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { encryptionWords, expiryWords } from './state-words.ts';

const dayMs = 86_400_000;
const tls = {
  protocol: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  certificateSubject: null,
  certificateIssuer: null,
  certificateExpiresAtMs: null,
  host: 'db',
  port: 5432,
};

describe('what encrypts a connection', () => {
  it('is named with its cipher, and a connection in the clear is called that', () => {
    expect(encryptionWords(tls)).toBe('TLSv1.3 · TLS_AES_256_GCM_SHA384');
    expect(encryptionWords({ ...tls, protocol: null, cipher: null })).toBe('Not encrypted');
  });

  it.each([
    [90 * dayMs, 'expires in 90 days', 'ok'],
    [dayMs, 'expires in 1 day', 'warn'],
    [3_600_000, 'expires today', 'warn'],
    [-3_600_000, 'expired today', 'bad'],
    [-2 * dayMs, 'expired 2 days ago', 'bad'],
  ])('a certificate that ends in %d ms reads "%s"', (leftMs, text, tone) => {
    expect(expiryWords(1e12 + leftMs, 1e12)).toEqual({ text, tone });
  });
});

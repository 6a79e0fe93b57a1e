import type { BreakerStatus, TlsStatus } from '#shared/contract/pool-control.ts';

/** A circuit breaker's state as a word with what it means for requests. */
export const breakerWords: Record<BreakerStatus['state'], { word: string; meaning: string }> = {
  off: { word: 'Off', meaning: 'Every request tries the server, however often that failed.' },
  closed: { word: 'Closed', meaning: 'Requests reach the server.' },
  open: { word: 'Open', meaning: 'The server kept failing, so requests fail at once and leave it alone.' },
  'half-open': {
    word: 'Half-open',
    meaning: 'One attempt is let through to see whether the server is back.',
  },
};

const dayMs = 24 * 60 * 60 * 1000;

/** "TLSv1.3 · TLS_AES_256_GCM_SHA384", or that nothing is encrypted. */
export function encryptionWords(tls: TlsStatus): string {
  if (tls.protocol === null) return 'Not encrypted';
  return tls.cipher === null ? tls.protocol : `${tls.protocol} · ${tls.cipher}`;
}

/** "in 12 days", "today", "3 days ago: expired", for the end of a certificate. */
export function expiryWords(
  expiresAtMs: number,
  nowMs: number,
): { text: string; tone: 'ok' | 'warn' | 'bad' } {
  const days = Math.floor((expiresAtMs - nowMs) / dayMs);
  if (expiresAtMs <= nowMs) {
    const ago = Math.floor((nowMs - expiresAtMs) / dayMs);
    return {
      text: ago === 0 ? 'expired today' : `expired ${ago} ${ago === 1 ? 'day' : 'days'} ago`,
      tone: 'bad',
    };
  }
  const text = days === 0 ? 'expires today' : `expires in ${days} ${days === 1 ? 'day' : 'days'}`;
  return { text, tone: days < 30 ? 'warn' : 'ok' };
}

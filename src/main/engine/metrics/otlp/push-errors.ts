import type { ErrorCode, ErrorPayload } from '#shared/contract/errors.ts';

const failure = (code: ErrorCode, message: string, remedy: string): ErrorPayload => ({
  ...{ code, message, details: { remedy } },
});

/** Node's codes of certificates it does not trust begin or end like these. */
const tlsCodes = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$/;

/**
 * Why a push failed, in words. What the collector wrote is left out: it may repeat what was sent.
 * @param error as the exporter gives it: with the HTTP status or Node's error as its code
 */
export function pushFailure(error: unknown): ErrorPayload {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'number') return refusedWith(code);
  const checkAddress = 'Check the address, and that the collector runs and takes OTLP over HTTP.';
  switch (code) {
    case 'ECONNREFUSED':
      return failure('connection_refused', 'No collector listens at that address.', checkAddress);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure('host_not_found', 'The name of the collector could not be looked up.', checkAddress);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return failure('host_unreachable', 'There is no way to the collector from here.', checkAddress);
    case 'ECONNRESET':
    case 'EPIPE':
      return failure('connection_lost', 'The collector broke the connection off.', checkAddress);
  }
  if (typeof code === 'string' && tlsCodes.test(code)) {
    const remedy = "Check the collector's certificate, and that the address is its https one.";
    return failure('tls_failed', `Encryption with the collector could not be agreed on (${code}).`, remedy);
  }
  if (code === 'ETIMEDOUT' || /timed out|timeout/i.test(String(message)))
    return failure('connect_timeout', 'The collector did not answer in time.', checkAddress);
  if (/retryable status/.test(String(message))) return refusedWith(503);
  return failure('server_unavailable', 'The collector could not be reached.', checkAddress);
}

function refusedWith(status: number): ErrorPayload {
  if (status === 401 || status === 403) {
    const remedy = 'Check the headers: most collectors want a key in one of them.';
    return failure('permission_denied', `The collector refused the push (HTTP ${status}).`, remedy);
  }
  if (status === 404 || status === 405) {
    const remedy = 'Most addresses end in /v1/metrics.';
    return failure('not_found', `The collector takes no metrics at that address (HTTP ${status}).`, remedy);
  }
  if (status >= 300 && status < 400) {
    const remedy = 'Enter the address it leads to.';
    return failure(
      'not_supported',
      `The collector sends elsewhere (HTTP ${status}), which is not followed.`,
      remedy,
    );
  }
  if (status === 429 || status >= 502) {
    const message = 'The collector is overloaded or not ready (HTTP 429, 502, 503 or 504).';
    return failure('server_unavailable', message, 'The next push tries again by itself.');
  }
  const remedy = "The collector's own log says why.";
  return failure('server_unavailable', `The collector refused the push (HTTP ${status}).`, remedy);
}

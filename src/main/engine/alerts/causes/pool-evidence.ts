import type { ErrorCode } from '#shared/contract/errors.ts';
import type { AlertCauseId } from '#shared/model/alert-causes.ts';
import { percentileMs } from '#shared/model/histogram.ts';
import { counted, spoken } from '../words.ts';
import type { Seen } from './seen.ts';
import type { Evidence } from './sessions-evidence.ts';

const causeOfError: Partial<Record<ErrorCode, AlertCauseId>> = {
  auth_failed: 'login',
  permission_denied: 'login',
  tls_failed: 'login',
  connection_refused: 'serverDown',
  connection_lost: 'serverDown',
  server_unavailable: 'serverDown',
  query_timeout: 'slowServer',
  connect_timeout: 'network',
  host_not_found: 'network',
  host_unreachable: 'network',
  too_many_connections: 'serverFull',
};

/** Longer than that, opening connections is what requests wait for. */
const slowConnectMs = 500;
/** Holds below this are short: connections come back, there are only too few. */
const shortHoldMs = 200;

function errorEvidence({ health }: Seen): Evidence[] {
  const error = health?.lastError;
  if (health === undefined || error === null || error === undefined || health.consecutiveFailures === 0)
    return [];
  // That the pool is busy says why the check failed, not why the pool is busy: last of all that was seen.
  if (error.code === 'wait_timeout')
    return [{ causeId: 'longHold', weight: 10, text: error.message, session: null }];
  const causeId = causeOfError[error.code];
  return causeId === undefined
    ? [{ causeId: 'failures', weight: 50, text: error.message, session: null }]
    : [
        { causeId, weight: 100, text: error.message, session: null },
        { causeId: 'failures', weight: 99, text: error.message, session: null },
      ];
}

function sizeEvidence({ pool }: Seen): Evidence[] {
  if (pool === undefined || pool.used.last < pool.maxSetting || pool.holdMs.count === 0) return [];
  const holdMs = percentileMs(pool.holdMs, 0.95) ?? 0;
  if (holdMs > shortHoldMs) return [];
  const text = `All ${pool.maxSetting} connections are in use, and each comes back within ${spoken(holdMs)} (p95).`;
  return [{ causeId: 'tooSmall', weight: 65, text, session: null }];
}

function connectEvidence({ pool }: Seen): Evidence[] {
  if (pool === undefined || pool.connectMs.count === 0) return [];
  const connectMs = percentileMs(pool.connectMs, 0.95) ?? 0;
  if (connectMs < slowConnectMs) return [];
  const text = `Opening a connection took ${spoken(connectMs)} (p95) in the last sample.`;
  return [{ causeId: 'slowConnects', weight: 60, text, session: null }];
}

function leakEvidence({ suspects = [] }: Seen): Evidence[] {
  const [longest] = suspects;
  if (longest === undefined) return [];
  const { holder, processId, heldForMs } = longest;
  const which = processId === null ? '' : ` (pid ${processId})`;
  const more = suspects.length === 1 ? '' : `, and ${counted(suspects.length - 1, 'other')} with it`;
  const text = `“${holder}”${which} has held a connection for ${spoken(heldForMs)}${more}: the leak finder suspects it.`;
  return [{ causeId: 'longHold', weight: 68, text, session: null }];
}

/** What the pool's own figures, its leak finder and its health checks speak for. */
export const poolEvidence = (seen: Seen): Evidence[] => [
  ...errorEvidence(seen),
  ...leakEvidence(seen),
  ...sizeEvidence(seen),
  ...connectEvidence(seen),
];

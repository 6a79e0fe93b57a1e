import type { PoolStatus } from '#shared/contract/pools.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';

/**
 * One line in the log for each change of a pool's state or health, so that there is something to
 * read afterwards. Checks that only confirm what was known are not logged. Returns unsubscribe.
 */
export function logStatusChanges(events: EventBus, log: Logger): () => void {
  const known = new Map<string, string>();
  return events.on('pools.changed', (status) => {
    const { profileId } = status;
    const words = wordsOf(status);
    if (known.get(profileId) === words) return;
    known.set(profileId, words);
    const error = status.error ?? (status.health.consecutiveFailures > 0 ? status.health.lastError : null);
    const fields = error === null ? { profileId } : { profileId, code: error.code, reason: error.message };
    log[error === null ? 'info' : 'warn'](fields, `pool ${words}`);
  });
}

function wordsOf({ state, health }: PoolStatus): string {
  return state === 'open' ? `open, ${health.state}` : state;
}

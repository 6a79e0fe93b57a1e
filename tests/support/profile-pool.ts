import { systemClock } from '#engine/base/clock.ts';
import { EventLog } from '#engine/pools/event-log.ts';
import { InstrumentedPool } from '#engine/pools/instrumented-pool.ts';
import { connectionTermsOf } from '#engine/profiles/connection-terms.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';

/** A pool made from a profile as the engine makes it. The caller ends it. */
export function poolOf(
  draft: ProfileDraft,
  { password, keyPassphrase }: { password: string; keyPassphrase?: string },
): InstrumentedPool {
  const secrets = { passwordFor: async () => password, keyPassphrase };
  return new InstrumentedPool({
    profileId: 'tested',
    settings: draft,
    connectionConfig: (signal) => connectionTermsOf(draft, secrets, 'pool', signal),
    clock: systemClock,
    log: new EventLog(systemClock),
  });
}

/** The first value of the first row of a statement run through the pool. */
export async function ask(pool: InstrumentedPool, text: string): Promise<unknown> {
  const { rows } = await pool.query<Record<string, unknown>>(text);
  return Object.values(rows[0] ?? {})[0];
}

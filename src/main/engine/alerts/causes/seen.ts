import type { Reading } from '#engine/sessions/index.ts';
import type { HeldConnection } from '#shared/contract/pool-control.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import type { HealthReport } from '#shared/model/health.ts';

/** What is known when an alert fires, to find its cause in. What is absent was not seen. */
export interface Seen {
  pool?: Bucket | undefined;
  health?: HealthReport | undefined;
  /** Sessions of the server behind the pool. */
  reading?: Reading | undefined;
  /** What the pool's leak finder suspects, held for longest first. */
  suspects?: readonly HeldConnection[] | undefined;
  /** How the pool's own sessions are told from others. */
  ours?: { processIds: readonly number[]; application: string; database: string; user: string } | undefined;
}

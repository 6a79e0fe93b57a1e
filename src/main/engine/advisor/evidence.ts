import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { HeldConnection } from '#shared/contract/pool-control.ts';
import type { AdviceInputs } from '#shared/model/advice.ts';
import type { Bucket } from '#shared/model/bucket.ts';
import type { Histogram } from '#shared/model/histogram.ts';
import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Reading } from '../sessions/index.ts';
import type { Minute } from './minutes.ts';

/** What a pool did in a range, measured. */
export interface Measured {
  minutes: Minute[];
  coveredMs: number;
  waitMs: Histogram;
  holdMs: Histogram;
  connectMs: Histogram;
  /** The last quarter of a minute in seconds; empty unless the range reaches to now. */
  recent: Bucket[];
  /** Buckets around a minute, of a second where seconds are kept, else of a minute. */
  around(minuteStartMs: number): Promise<{ bucketMs: number; buckets: Bucket[] }>;
}

/** Which sessions are the application's: those of this pool by process, others (other instances) by name. */
export interface OwnSessions {
  pids: ReadonlySet<number>;
  application: string;
  user: string;
  database: string;
}

/** What the server says of itself now; null parts are not known. */
export interface ServerNow {
  reading: Pick<Reading, 'sessions' | 'serverNowMs' | 'limits' | 'blocking' | 'sight'> | null;
  error: ErrorPayload | null;
  /** A pooler answers at the address: what lies behind it has limits of its own. */
  behindPooler: boolean;
}

/** Everything that advice follows from. */
export interface Evidence {
  profileId: string;
  fromMs: number;
  toMs: number;
  settings: { min: number; max: number };
  own: OwnSessions;
  measured: Measured;
  /** Null when nobody asked: the pool is closed, or the range is over. */
  server: ServerNow | null;
  /** What the pool's leak finder suspects now, held for longest first; none of a range that is over. */
  suspects: HeldConnection[];
  /** The server's sessions in brief over the range. */
  points: SessionsPoint[];
  inputs: AdviceInputs;
  cores: { count: number; source: 'input' | 'machine' } | null;
}

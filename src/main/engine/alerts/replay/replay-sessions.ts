import type { SessionsPoint } from '#shared/model/sessions/point.ts';
import type { Player } from './player.ts';
import type { Stretch } from './replay-pool.ts';

/** Kept on disk is one point of every ten seconds. */
const pointEveryMs = 10_000;
/** The server is sampled as seldom as every ten minutes while nobody looks. */
const seldomMs = 600_000;

export interface RecordedSessions {
  sessions(query: {
    profileId: string;
    fromMs: number;
    toMs: number;
    bucketMs: number;
  }): Promise<SessionsPoint[]>;
}

/** Plays what is recorded of a server's sessions. */
export async function replaySessions(
  player: Player,
  source: RecordedSessions,
  stretch: Stretch,
): Promise<void> {
  const { profileId, log } = player;
  const points = await source.sessions({ profileId, ...stretch, bucketMs: pointEveryMs });
  for (const point of points) {
    const { atMs } = point;
    const stepMs = Math.min(seldomMs, log.lastAtMs === null ? pointEveryMs : atMs - log.lastAtMs);
    player.observe({ atMs, spanMs: Math.max(1000, stepMs), server: point }, stepMs);
  }
  log.isExact = false;
}

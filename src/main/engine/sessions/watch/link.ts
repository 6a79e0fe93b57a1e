import type { Clock } from '../../base/clock.ts';
import { type Look, lookAtServer } from '../server/look.ts';
import { type ConnectConfig, MonitorConnection } from '../server/monitor-connection.ts';
import { ServerSampler } from '../server/sampler.ts';

/** A connection with all that lives as long as it does. */
export interface Link {
  viaProfileId: string;
  connection: MonitorConnection;
  look: Look;
  sampler: ServerSampler;
}

/** Connects and looks around. @throws what `pg` throws, and EngineError `not_supported` */
export async function openLink(options: {
  profileId: string;
  config: ConnectConfig;
  clock: Clock;
  signal: AbortSignal;
  onLost(error: Error): void;
}): Promise<Link> {
  const { profileId, config, clock, signal, onLost } = options;
  const connection = await MonitorConnection.open(config, signal, onLost);
  const giveUp = () => void connection.end();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const look = await lookAtServer(connection);
    if (!look.facts.behindPooler) await connection.keepLimits(look.facts.versionNum);
    return { viaProfileId: profileId, connection, look, sampler: new ServerSampler(connection, look, clock) };
  } catch (error) {
    await connection.end();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

import type { AlertCauseId } from '#shared/model/alert-causes.ts';
import type { ConnectionTab } from '../../navigation/place.ts';

export interface CauseLink {
  label: string;
  tab: ConnectionTab;
}

const sessions: CauseLink = { label: 'Open Sessions', tab: 'sessions' };
const query: CauseLink = { label: 'Open Query', tab: 'query' };
const advice: CauseLink = { label: 'Open Advice', tab: 'advice' };
const settings: CauseLink = { label: 'Open the settings', tab: 'settings' };
const picture: CauseLink = { label: 'Open who waits for whom', tab: 'picture' };

/** Where the remedy of a cause is at hand; causes whose remedy lies outside of Poolscope have no place. */
const links: Partial<Record<AlertCauseId, CauseLink>> = {
  idleInTransaction: sessions,
  blocker: sessions,
  longHold: sessions,
  slowServer: query,
  tooSmall: advice,
  login: settings,
  slowConnects: settings,
  serverFull: sessions,
  idleSessions: sessions,
  manyInstances: sessions,
  forgottenTransaction: sessions,
  externalWork: sessions,
  schemaChange: sessions,
  lockOrder: sessions,
  poolerSmall: picture,
  poolerSessionMode: picture,
  poolerServerGone: { label: 'Open Servers', tab: 'servers' },
  poolerPausedByHand: { label: 'Open Pools', tab: 'pools' },
};

/** The place for the remedy of a cause; null when there is none. */
export const linkOfCause = (causeId: string): CauseLink | null => links[causeId as AlertCauseId] ?? null;

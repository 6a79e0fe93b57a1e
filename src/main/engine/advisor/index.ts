import { availableParallelism } from 'node:os';
import type { advisorRoutes } from '#shared/contract/advisor.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { HeldConnection } from '#shared/contract/pool-control.ts';
import type { PoolStatus } from '#shared/contract/pools.ts';
import { bucketStepMs } from '#shared/model/bucket-steps.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import type { History } from '../history/index.ts';
import type { Sessions } from '../sessions/index.ts';
import { advise } from './advise.ts';
import type { Evidence, ServerNow } from './evidence.ts';
import { openInputsFile } from './inputs-file.ts';
import { measure, nowWithinMs } from './measure.ts';

interface AdvisorDeps {
  dataFolder: string;
  clock: Clock;
  /** Throws `not_found`. */
  profileOf(profileId: string): ProfileDraft;
  statusOf(profileId: string): Pick<PoolStatus, 'state' | 'target'>;
  /** Server processes of its connections; none while it is closed. */
  processIdsOf(profileId: string): number[];
  /** Connections that are handed out; none while it is closed. */
  heldOf(profileId: string): HeldConnection[];
  history: Pick<History, 'range' | 'sessions'>;
  sessions: Pick<Sessions, 'read' | 'profilesAt'>;
}

/** A minute may hold several; more would only be read. */
const mostPoints = 2000;

const isLoopback = (host: string): boolean =>
  host.startsWith('/') || /^(localhost|::1|127(\.\d{1,3}){3})$/i.test(host);

/** Says what size a pool should have, from what was measured, and why. */
export async function createAdvisor(
  deps: AdvisorDeps,
): Promise<{ handlers: Handlers<typeof advisorRoutes> }> {
  const { clock, history, sessions } = deps;
  const inputs = await openInputsFile(deps.dataFolder);

  /** Only of a server that is connected, and of a time that is now: no connection is opened for advice. */
  async function askServer(profileId: string, toMs: number): Promise<ServerNow | null> {
    const { state, target } = deps.statusOf(profileId);
    const isOpen = state === 'open' && target !== 'console';
    if (!isOpen || clock.nowMs() - toMs >= nowWithinMs) return null;
    const { reading, error, behindPooler } = await sessions.read(profileId);
    return { reading: error === null ? reading : null, error, behindPooler };
  }

  async function evidenceOf(
    { profileId, fromMs, toMs }: { profileId: string; fromMs: number; toMs: number },
    signal: AbortSignal,
  ): Promise<Evidence> {
    const profile = deps.profileOf(profileId);
    const told = inputs.of(profileId);
    const profileIds = [...new Set([profileId, ...sessions.profilesAt(profile.host, profile.port)])];
    const bucketMs = Math.max(1000, bucketStepMs(toMs - fromMs, mostPoints));
    const [server, measured, points] = await Promise.all([
      askServer(profileId, toMs),
      measure(history.range, { profileId, fromMs, toMs }, clock.nowMs(), signal),
      history.sessions.range({ profileIds, fromMs, toMs, bucketMs }),
    ]);
    return {
      ...{ profileId, fromMs, toMs, measured, server, points, inputs: told },
      suspects: server === null ? [] : deps.heldOf(profileId).filter(({ suspected }) => suspected),
      settings: { min: profile.min, max: profile.max },
      own: {
        pids: new Set(deps.processIdsOf(profileId)),
        ...{ application: profile.applicationName, user: profile.user, database: profile.database },
      },
      cores: coresOf(told.serverCores, profile.host),
    };
  }

  return {
    handlers: {
      'advisor.advise': async (span, { signal }) => await advise(await evidenceOf(span, signal)),
      'advisor.inputs': ({ profileId }) => inputs.of(profileId),
      async 'advisor.setInputs'({ profileId, inputs: told }) {
        deps.profileOf(profileId);
        await inputs.put(profileId, told);
        return told;
      },
    },
  };
}

function coresOf(told: number | null, host: string): Evidence['cores'] {
  if (told !== null) return { count: told, source: 'input' };
  return isLoopback(host) ? { count: availableParallelism(), source: 'machine' } : null;
}

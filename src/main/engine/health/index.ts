import type { Handlers } from '#shared/contract/define.ts';
import type { healthRoutes } from '#shared/contract/health.ts';
import type { HealthReport } from '#shared/model/health.ts';

export { HealthMonitor, healthHolder } from './health-monitor.ts';

/** `monitorOf` throws EngineError `pool_closed` when the profile's pool is not open. */
export function createHealthHandlers(deps: {
  monitorOf(profileId: string): { checkNow(): Promise<HealthReport> };
}): Handlers<typeof healthRoutes> {
  return {
    'health.check': ({ profileId }) => deps.monitorOf(profileId).checkNow(),
  };
}

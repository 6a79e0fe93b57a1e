import type * as z from 'zod/mini';
import { advisorRoutes } from './advisor.ts';
import { alertsRoutes } from './alerts.ts';
import { appRoutes } from './app.ts';
import { connectionTestRoutes } from './connection-test.ts';
import type { Route } from './define.ts';
import { exporterRoutes } from './exporter.ts';
import { healthRoutes } from './health.ts';
import { historyRoutes } from './history.ts';
import { labRoutes } from './lab.ts';
import { machineRoutes } from './machine.ts';
import { metricsRoutes } from './metrics.ts';
import { namesRoutes } from './names.ts';
import { pgbouncerRoutes } from './pgbouncer.ts';
import { pictureRoutes } from './picture.ts';
import { poolControlRoutes } from './pool-control.ts';
import { poolsRoutes } from './pools.ts';
import { profileTransferRoutes } from './profile-transfer.ts';
import { profilesRoutes } from './profiles.ts';
import { queryRoutes } from './query.ts';
import { queryLibraryRoutes } from './query-library.ts';
import { sampleDatabaseRoutes } from './sample-database.ts';
import { sessionsRoutes } from './sessions.ts';

/** Every call the renderer may make. Add one in its domain's file; nothing here changes. */
export const routes = {
  ...appRoutes,
  ...advisorRoutes,
  ...alertsRoutes,
  ...profilesRoutes,
  ...profileTransferRoutes,
  ...connectionTestRoutes,
  ...poolsRoutes,
  ...poolControlRoutes,
  ...healthRoutes,
  ...historyRoutes,
  ...labRoutes,
  ...machineRoutes,
  ...metricsRoutes,
  ...namesRoutes,
  ...sessionsRoutes,
  ...exporterRoutes,
  ...pgbouncerRoutes,
  ...pictureRoutes,
  ...queryRoutes,
  ...queryLibraryRoutes,
  ...sampleDatabaseRoutes,
};

export type Routes = typeof routes;
export type RouteName = keyof Routes;
export type RouteInput<K extends RouteName> = z.input<Routes[K]['input']>;
export type RouteAnswer<K extends RouteName> =
  Routes[K] extends Route<z.ZodMiniType, infer Answer> ? Answer : never;

import * as z from 'zod/mini';
import {
  type EndpointSettings,
  endpointSettingsSchema,
  type PushSettings,
  pushHeadersChangeSchema,
  pushSettingsSchema,
} from '../model/metrics-settings.ts';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';

/** How a push to the collector ended. */
export interface PushResult {
  atMs: number;
  /** Values that were sent, or would have been. */
  points: number;
  /** Null when the collector took them. */
  error: ErrorPayload | null;
}

export interface MetricsStatus {
  endpoint: EndpointSettings & {
    /** Where it answers, as in "http://127.0.0.1:5481"; null while it does not. */
    url: string | null;
    /** Why it does not answer though it should. */
    error: ErrorPayload | null;
  };
  push: PushSettings & {
    /** The headers themselves never leave the vault. */
    hasHeaders: boolean;
    /** Since it was last set; null before the first. */
    lastPush: PushResult | null;
  };
}

export const metricsRoutes = {
  'metrics.status': route<MetricsStatus>()(z.object({})),
  /** Saves, and opens, moves or closes the endpoint. `port_in_use` leaves everything as it was. */
  'metrics.setEndpoint': route<MetricsStatus>()(endpointSettingsSchema),
  /** Saves, and begins or ends pushing. Whether the collector takes it shows with the first push. */
  'metrics.setPush': route<MetricsStatus>()(
    z.object({ settings: pushSettingsSchema, headers: pushHeadersChangeSchema }),
  ),
  /** Pushes now, and answers when that ended; `push.lastPush` tells how. */
  'metrics.pushNow': route<MetricsStatus>()(z.object({})),
};

import * as z from 'zod/mini';
import { route } from './define.ts';
import type { ErrorPayload } from './errors.ts';

/** The built-in PostgreSQL a newcomer can try things on, and the synthetic load on its pool. */
export interface SampleDatabaseStatus {
  state: 'stopped' | 'starting' | 'running' | 'stopping';
  /** What is being done while `starting`: "Creating the data folder"… */
  step: string;
  /** Its profile, once running. */
  profileId: string | null;
  workloadRunning: boolean;
  error: ErrorPayload | null;
}

export const sampleDatabaseRoutes = {
  'sampleDatabase.status': route<SampleDatabaseStatus>()(z.object({})),
  /** Starts the server, saves and opens its profile, and starts the workload. */
  'sampleDatabase.start': route<SampleDatabaseStatus>()(z.object({})),
  'sampleDatabase.stop': route<SampleDatabaseStatus>()(z.object({})),
  'sampleDatabase.setWorkload': route<SampleDatabaseStatus>()(z.object({ running: z.boolean() })),
};

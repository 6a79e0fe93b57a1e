import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { SampleDatabaseStatus } from '#shared/contract/sample-database.ts';
import { request } from '../bridge/client.ts';
import { goToConnection } from '../navigation/place.ts';
import { payloadOf } from './errors.ts';
import { putSampleDatabase, useAppInfo, useSampleDatabase } from './queries.ts';

interface StartSample {
  status: SampleDatabaseStatus | undefined;
  /** Why it cannot run on this machine; null when it can. */
  unavailable: string | null;
  error: ErrorPayload | null;
  start: () => void;
}

/** Starts the sample database and goes to its Live tab once it runs. */
export function useStartSample(): StartSample {
  const client = useQueryClient();
  const info = useAppInfo().data;
  const status = useSampleDatabase().data;
  const start = useMutation({
    mutationFn: () => request('sampleDatabase.start', {}),
    onSuccess: (next) => {
      putSampleDatabase(client, next);
      if (next.profileId !== null) goToConnection(next.profileId);
    },
    meta: { failure: 'The sample database did not start' },
  });
  const unavailable =
    info === undefined || info.sampleDatabaseAvailable
      ? null
      : 'The sample database cannot run here: its PostgreSQL programs are not installed with this copy of Poolscope.';
  return {
    status,
    unavailable,
    error: start.isError ? payloadOf(start.error) : (status?.error ?? null),
    start: () => start.mutate(),
  };
}

/** Starts or stops the synthetic load on the sample database. */
export function useSetWorkload() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (running: boolean) => request('sampleDatabase.setWorkload', { running }),
    onSuccess: (status) => putSampleDatabase(client, status),
    meta: { failure: 'The workload could not be changed' },
  });
}

/** Ends the workload, the pool and the server; its data stays for the next start. */
export function useStopSample() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('sampleDatabase.stop', {}),
    onSuccess: (status) => putSampleDatabase(client, status),
    meta: { failure: 'The sample server did not stop' },
  });
}

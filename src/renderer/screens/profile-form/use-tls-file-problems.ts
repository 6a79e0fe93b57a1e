import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import type { RouteInput } from '#shared/contract/routes.ts';
import { request } from '../../bridge/client.ts';
import { type FieldErrors, type FormValues, type Stored, tlsFilesOf } from './form-values.ts';

const none: FieldErrors = {};
const restMs = 500;

/**
 * What is wrong with the TLS files that the form names, by field, looked at once typing rests. Saving
 * may go on: a file can be on its way to this machine.
 */
export function useTlsFileProblems(
  values: FormValues,
  stored: Stored,
  profileId: string | null,
): FieldErrors {
  const { tlsMode, tlsCaFile, tlsCertFile, tlsKeyFile, keyPassphrase, forgetKeyPassphrase } = values;
  const { hasKeyPassphrase } = stored;
  const named = useMemo(
    () =>
      tlsFilesOf(
        { tlsMode, tlsCaFile, tlsCertFile, tlsKeyFile, keyPassphrase, forgetKeyPassphrase },
        hasKeyPassphrase,
      ),
    [tlsMode, tlsCaFile, tlsCertFile, tlsKeyFile, keyPassphrase, forgetKeyPassphrase, hasKeyPassphrase],
  );
  const [settled] = useDebouncedValue(named, restMs);
  const [found, setFound] = useState<{ of: typeof named; fields: FieldErrors }>({ of: null, fields: none });
  useEffect(() => {
    if (settled === null) return;
    const leaving = new AbortController();
    const input: RouteInput<'profiles.checkFiles'> = { ...settled, profileId };
    request('profiles.checkFiles', input, { signal: leaving.signal }).then(
      ({ fields }) => setFound({ of: settled, fields }),
      // What is wrong shows when the connection is tested or opened.
      () => {},
    );
    return () => leaving.abort();
  }, [settled, profileId]);
  // Of what stood there before nothing is said.
  return named !== null && found.of === named ? found.fields : none;
}

import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { LiveSettings } from '#shared/contract/pool-control.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { putProfile } from '../../../data/queries.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { checkValues, effectOf, type LiveValues, liveFields, valuesOfSettings } from './live-values.ts';
import classes from './pool.module.css';

/** Sizes and times that change while the pool runs. What is applied is saved with the connection. */
export function SizePanel({ profile, settings }: { profile: ProfileView; settings: LiveSettings }) {
  const client = useQueryClient();
  const { profileId } = profile;
  // Null follows the pool; typing holds what was typed.
  const [typed, setTyped] = useState<LiveValues | null>(null);
  const values = typed ?? valuesOfSettings(settings);
  const checked = checkValues(values, settings);
  const errors = checked.ok ? {} : checked.errors;
  const apply = useMutation({
    mutationFn: (wanted: LiveSettings) => request('pools.resize', { profileId, settings: wanted }),
    onSuccess: (saved) => {
      putProfile(client, saved);
      setTyped(null);
      void client.invalidateQueries({ queryKey: ['pools.details', profileId] });
      notifications.show({
        title: `Changed the running pool of ${profile.name}`,
        message: 'The change is saved with the connection and marked on its charts.',
        color: 'scope',
        closeButtonProps: { 'aria-label': 'Dismiss this notice' },
      });
    },
    meta: { shownInPlace: true },
  });
  const changed = checked.ok ? checked.changed : [];
  const effect = checked.ok ? effectOf(settings, checked.settings) : null;
  return (
    <Panel title="Size and times">
      <form
        className={classes.sizes}
        aria-label="Change the running pool"
        onSubmit={(event) => {
          event.preventDefault();
          if (checked.ok && changed.length > 0 && !apply.isPending) apply.mutate(checked.settings);
        }}
      >
        <div className={classes.boxes}>
          {liveFields.map(({ key, label, unit }) => (
            <TextInput
              key={key}
              label={unit === '' ? label : `${label} (${unit})`}
              inputMode="numeric"
              autoComplete="off"
              value={values[key]}
              error={errors[key]}
              onChange={(event) => setTyped({ ...values, [key]: event.currentTarget.value })}
            />
          ))}
        </div>
        {apply.isError && <ErrorNote error={payloadOf(apply.error)} />}
        <div className={classes.foot}>
          <p className={classes.dim} role="status">
            {changed.length > 0 && effect}
          </p>
          {typed !== null && (
            <Button variant="subtle" onClick={() => setTyped(null)} disabled={apply.isPending}>
              Take back
            </Button>
          )}
          <Button type="submit" loading={apply.isPending} disabled={changed.length === 0}>
            Apply to the running pool
          </Button>
        </div>
      </form>
    </Panel>
  );
}

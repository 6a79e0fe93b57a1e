import { Button, Checkbox, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../bridge/client.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { go } from '../../navigation/place.ts';
import { followSaveOutcome } from '../connection/live/save-outcome.ts';
import { passphraseProblem } from './passphrase.ts';
import classes from './transfer.module.css';

/** Connections as one file for another machine; with their passwords only under a passphrase. */
export function ExportScreen({ profiles }: { profiles: readonly ProfileView[] }) {
  return (
    <section className={classes.page} aria-labelledby="export-title">
      <div className={classes.head}>
        <h1 id="export-title" className={classes.title}>
          Export connections
        </h1>
        <Button variant="default" onClick={() => go({ screen: 'overview' })}>
          Close
        </Button>
      </div>
      <ExportForm profiles={profiles} />
    </section>
  );
}

function ExportForm({ profiles }: { profiles: readonly ProfileView[] }) {
  const [chosen, setChosen] = useState(() => profiles.map(({ profileId }) => profileId));
  const [secrets, setSecrets] = useState(false);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const problem = secrets ? passphraseProblem(passphrase, again) : null;
  const save = useMutation({
    mutationFn: () =>
      request('profiles.export', { profileIds: chosen, passphrase: secrets ? passphrase : '' }),
    onSuccess: followSaveOutcome,
    meta: { shownInPlace: true },
  });
  const mayExport = chosen.length > 0 && problem === null;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (mayExport && !save.isPending) save.mutate();
      }}
    >
      <Checkbox.Group label="Which" value={chosen} onChange={setChosen}>
        <div className={classes.list}>
          {profiles.map(({ profileId, name }) => (
            <Checkbox key={profileId} value={profileId} label={name} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox
        label="With their passwords, encrypted by a passphrase"
        checked={secrets}
        onChange={(event) => setSecrets(event.currentTarget.checked)}
      />
      {secrets && (
        <>
          <PasswordInput
            label="Passphrase"
            autoComplete="new-password"
            value={passphrase}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
          <PasswordInput
            label="Passphrase again"
            autoComplete="new-password"
            value={again}
            error={passphrase === '' && again === '' ? null : problem}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <p className={classes.dim}>Nobody can open the passwords without it, nor find it out.</p>
        </>
      )}
      {save.isError && <ErrorNote error={payloadOf(save.error)} />}
      <div className={classes.buttons}>
        <Button type="submit" loading={save.isPending} disabled={!mayExport}>
          Export
        </Button>
      </div>
    </form>
  );
}

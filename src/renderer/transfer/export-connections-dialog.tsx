import { Button, Checkbox, Modal, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { request } from '../bridge/client.ts';
import { payloadOf } from '../data/errors.ts';
import { useProfiles } from '../data/queries.ts';
import { followSaveOutcome } from '../exports/save-outcome.ts';
import { ErrorNote } from '../kit/error-note.tsx';
import classes from './transfer.module.css';
import { showTransfer, useShownTransfer } from './transfer-dialogs.ts';

/** Saved connections as a file that another Poolscope imports. */
export function ExportConnectionsDialog() {
  return (
    <Modal
      opened={useShownTransfer() === 'export'}
      onClose={() => showTransfer(null)}
      size={520}
      title="Export connections"
      transitionProps={{ duration: 0 }}
      // A dialog's header is no banner of the page.
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close the export' }}
    >
      <ExportForm />
    </Modal>
  );
}

function ExportForm() {
  const profiles = (useProfiles().data ?? []).filter(({ kind }) => kind === 'user');
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [passphrase, setPassphrase] = useState('');
  const [repeated, setRepeated] = useState('');
  const [differs, setDiffers] = useState(false);
  const again = useRef<HTMLInputElement>(null);
  const chosen = profiles.flatMap(({ profileId }) => (leftOut.has(profileId) ? [] : [profileId]));
  const save = useMutation({
    mutationFn: () => request('profiles.export', { profileIds: chosen, passphrase }),
    onSuccess: (outcome) => {
      followSaveOutcome(outcome);
      if (outcome.kind !== 'cancelled') showTransfer(null);
    },
    meta: { shownInPlace: true },
  });
  const toggle = (profileId: string, taken: boolean) => {
    const next = new Set(leftOut);
    if (taken) next.delete(profileId);
    else next.add(profileId);
    setLeftOut(next);
  };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const isMistyped = passphrase !== '' && repeated !== passphrase;
        setDiffers(isMistyped);
        if (isMistyped) again.current?.focus();
        else if (chosen.length > 0) save.mutate();
      }}
    >
      <ul className={classes.chosen} aria-label="Connections to export">
        {profiles.map(({ profileId, name }) => (
          <li key={profileId}>
            <Checkbox
              label={<bdi>{name}</bdi>}
              checked={!leftOut.has(profileId)}
              onChange={(event) => toggle(profileId, event.currentTarget.checked)}
            />
          </li>
        ))}
      </ul>
      {profiles.length === 0 && <p className={classes.problem}>There is no connection to export yet.</p>}
      <PasswordInput
        label="Passphrase for the passwords"
        description="Empty leaves passwords out. With one they are in the file, encrypted; Poolscope does not keep it."
        autoComplete="new-password"
        value={passphrase}
        onChange={(event) => {
          setPassphrase(event.currentTarget.value);
          setDiffers(false);
        }}
      />
      {passphrase !== '' && (
        <PasswordInput
          ref={again}
          label="The same passphrase again"
          autoComplete="new-password"
          value={repeated}
          error={differs ? 'The two differ: a passphrase mistyped once would lock the passwords away.' : null}
          onChange={(event) => {
            setRepeated(event.currentTarget.value);
            setDiffers(false);
          }}
        />
      )}
      {save.error !== null && <ErrorNote error={payloadOf(save.error)} />}
      <div className={classes.foot}>
        <Button type="submit" loading={save.isPending} disabled={chosen.length === 0}>
          {passphrase === '' ? 'Export without passwords' : 'Export with passwords'}
        </Button>
      </div>
    </form>
  );
}

import { Button } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { ConnectionTest } from './connection-test.tsx';
import { ConnectionUrlField } from './connection-url-field.tsx';
import { isUnchanged } from './form-values.ts';
import { PasswordField } from './password-field.tsx';
import { FieldGroup, NumberField, SwitchField, TextField, TlsField } from './profile-fields.tsx';
import classes from './profile-form.module.css';
import { useConnectionTest } from './use-connection-test.ts';
import { useProfileForm } from './use-profile-form.ts';
import { useSaveProfile } from './use-save-profile.ts';

interface Props {
  /** The profile to edit; null for a new one. */
  profile: ProfileView | null;
  /** Its pool is open now, so that saving may reopen it. */
  poolOpen: boolean;
  /** After saving; `connect` when the user asked to connect at once. */
  onSaved: (profile: ProfileView, connect: boolean) => void;
  /** Leaves without saving; what was typed stays for the next visit. Absent where there is nowhere to go. */
  onCancel?: () => void;
}

/** Add or edit a connection: paste a URL or fill the fields, test, save. */
export function ProfileForm({ profile, poolOpen, onSaved, onCancel }: Props) {
  const { form, hasPassword, saved, checked, showEngineError, revert } = useProfileForm(profile);
  const test = useConnectionTest();
  const save = useSaveProfile();
  const [testedValues, setTestedValues] = useState('');
  const [savedName, setSavedName] = useState<string | null>(null);
  const [failure, setFailure] = useState<ErrorPayload | null>(null);
  const unchanged = profile !== null && isUnchanged(form.values, profile);

  const report = (error: ErrorPayload) => setFailure(showEngineError(error) ? null : error);

  const submit = async (connect: boolean) => {
    const input = checked();
    if (input === null) return;
    setFailure(null);
    try {
      const { draft, password } = input;
      const stored = await save.mutateAsync({ profileId: profile?.profileId ?? null, draft, password });
      revert(stored);
      setSavedName(stored.name);
      onSaved(stored, connect);
    } catch (error) {
      report(payloadOf(error));
    }
  };

  const runTest = async () => {
    const input = checked();
    if (input === null) return;
    setFailure(null);
    setTestedValues(JSON.stringify(form.getValues()));
    const { draft, password } = input;
    const error = await test.run({ draft, password, profileId: profile?.profileId ?? null });
    if (error !== null) showEngineError(error);
  };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        // Enter does what the filled button says.
        void submit(!poolOpen);
      }}
    >
      <div className={classes.fields}>
        <ConnectionUrlField form={form} base={saved} focusFirst={profile === null} onLeave={onCancel} />
        <FieldGroup title="Target">
          <TextField form={form} name="name" />
          <TextField form={form} name="host" />
          <NumberField form={form} name="port" />
          <TextField form={form} name="database" />
          <TextField form={form} name="user" />
          <TextField form={form} name="applicationName" />
          <PasswordField form={form} hasPassword={hasPassword} />
        </FieldGroup>
        <FieldGroup title="TLS">
          <TlsField form={form} />
        </FieldGroup>
        <FieldGroup title="Pool">
          <NumberField form={form} name="min" />
          <NumberField form={form} name="max" />
          <NumberField form={form} name="waitTimeoutMs" />
          <NumberField form={form} name="idleTimeoutMs" />
          <NumberField form={form} name="maxLifetimeMs" />
        </FieldGroup>
        <FieldGroup title="Health">
          <NumberField form={form} name="healthIntervalMs" />
          <NumberField form={form} name="healthTimeoutMs" />
        </FieldGroup>
        <FieldGroup title="Safety">
          <SwitchField form={form} name="readOnly" />
          <SwitchField form={form} name="queryWrites" />
        </FieldGroup>
      </div>
      <div className={classes.test}>
        <ConnectionTest test={test} stale={testedValues !== JSON.stringify(form.values)} />
      </div>
      <div className={classes.actions}>
        {form.errors.form !== undefined && <p role="alert">{form.errors.form}</p>}
        {failure !== null && <ErrorNote error={failure} />}
        {savedName !== null && unchanged && <p role="status">Saved “{savedName}”.</p>}
        {poolOpen && !unchanged && (
          <p className={classes.reopens}>
            This pool is open. Saving a change to the target, TLS or pool closes its connections and opens it
            again.
          </p>
        )}
        <div className={classes.buttons}>
          <Button variant="default" loading={test.phase === 'running'} onClick={() => void runTest()}>
            Test connection
          </Button>
          <span className={classes.spring} />
          {profile !== null && (
            <Button variant="default" disabled={unchanged} onClick={() => revert()}>
              Discard changes
            </Button>
          )}
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          {poolOpen ? (
            <Button type="submit" disabled={unchanged} loading={save.isPending}>
              Save
            </Button>
          ) : (
            <>
              <Button
                variant="default"
                disabled={unchanged}
                loading={save.isPending}
                onClick={() => void submit(false)}
              >
                Save
              </Button>
              <Button type="submit" loading={save.isPending}>
                Save and connect
              </Button>
            </>
          )}
        </div>
      </div>
    </form>
  );
}

import { Button } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { ConnectionTest } from './connection-test.tsx';
import { ConnectionUrlField } from './connection-url-field.tsx';
import { findSettings } from './find-settings.ts';
import { isUnchanged } from './form-values.ts';
import classes from './profile-form.module.css';
import { SettingsGroups } from './settings-groups.tsx';
import { SettingsToolbar } from './settings-toolbar.tsx';
import { useApplied } from './use-applied.ts';
import { useConnectionTest } from './use-connection-test.ts';
import { useProfileForm } from './use-profile-form.ts';
import { useSaveProfile } from './use-save-profile.ts';
import { useTlsFileProblems } from './use-tls-file-problems.ts';

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
  const { form, stored, saved, open, toggle, search, setSearch, checked, showEngineError, revert } =
    useProfileForm(profile);
  const fileProblems = useTlsFileProblems(form.values, stored, profile?.profileId ?? null);
  const applied = useApplied(form);
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
      const { draft, password, keyPassphrase } = input;
      const profileId = profile?.profileId ?? null;
      const after = await save.mutateAsync({ profileId, draft, password, keyPassphrase });
      revert(after);
      applied.forget();
      setSavedName(after.name);
      onSaved(after, connect);
    } catch (error) {
      report(payloadOf(error));
    }
  };

  const runTest = async () => {
    const input = checked();
    if (input === null) return;
    setFailure(null);
    setTestedValues(JSON.stringify(form.getValues()));
    const { draft, password, keyPassphrase } = input;
    const error = await test.run({ draft, password, keyPassphrase, profileId: profile?.profileId ?? null });
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
        <SettingsToolbar form={form} search={search} onSearch={setSearch} applied={applied} />
        <SettingsGroups
          form={form}
          stored={stored}
          fileProblems={fileProblems}
          found={findSettings(search)}
          open={open}
          onToggle={toggle}
        />
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
            <Button
              variant="default"
              disabled={unchanged}
              onClick={() => {
                revert();
                applied.forget();
              }}
            >
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

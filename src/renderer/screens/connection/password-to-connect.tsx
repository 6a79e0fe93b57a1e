import { Button, PasswordInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { passwordChangeSchema } from '#shared/model/profile.ts';
import { payloadOf } from '../../data/errors.ts';
import { useConnect } from '../../data/pool-actions.ts';
import { useAppInfo } from '../../data/queries.ts';
import { vaultWords } from '../../data/vault-words.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { useSaveProfile } from '../profile-form/use-save-profile.ts';
import classes from './pool-closed.module.css';

/** The password the server asked for, typed where it was missed: stored, then used to connect. `children` stand beside the button. */
export function PasswordToConnect({ profile, children }: { profile: ProfileView; children: ReactNode }) {
  const info = useAppInfo().data;
  const save = useSaveProfile();
  const connect = useConnect();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async () => {
    if (text === '' && profile.hasPassword) return connect.mutate(profile);
    const password = passwordChangeSchema.safeParse({ kind: 'set', value: text });
    setProblem(password.error?.issues[0]?.message ?? null);
    if (!password.success) return;
    const { profileId, kind, hasPassword, hasKeyPassphrase, ...draft } = profile;
    const saved = await save.mutateAsync({ profileId, draft, password: password.data }).catch(() => null);
    if (saved !== null) connect.mutate(saved);
  };

  return (
    <form
      className={classes.password}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <PasswordInput
        label={`Password of ${profile.user}`}
        description={info === undefined ? ' ' : vaultWords(info)}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        autoComplete="off"
        placeholder={profile.hasPassword ? 'Stored; leave empty to try it again' : ''}
        visibilityToggleFocusable
        visibilityToggleButtonProps={{ 'aria-label': 'Show the characters' }}
        value={text}
        error={problem}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setProblem(null);
        }}
      />
      {save.isError && <ErrorNote error={payloadOf(save.error)} />}
      <div className={classes.buttons}>
        <Button type="submit" loading={save.isPending}>
          Connect
        </Button>
        {children}
      </div>
    </form>
  );
}

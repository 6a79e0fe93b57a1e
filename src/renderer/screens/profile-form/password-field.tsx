import { Button, PasswordInput } from '@mantine/core';
import { useAppInfo } from '../../data/queries.ts';
import { vaultWords } from '../../data/vault-words.ts';
import { fieldLabel } from './field-texts.ts';
import type { ProfileFormState } from './form-state.ts';
import classes from './profile-form.module.css';

const secrets = {
  password: { forget: 'forgetPassword', note: null },
  keyPassphrase: {
    forget: 'forgetKeyPassphrase',
    note: 'Only for an encrypted key. Kept as the password is.',
  },
} as const;

interface Props {
  form: ProfileFormState;
  name: keyof typeof secrets;
  /** Whether the vault has one. */
  isStored: boolean;
  problem?: string | undefined;
}

/** Typed secrets go to the vault and never come back; a stored one can be kept, replaced or cleared. */
export function PasswordField({ form, name, isStored, problem }: Props) {
  const info = useAppInfo();
  const { forget, note } = secrets[name];
  const typed = form.values[name];
  const forgotten = form.values[forget];
  return (
    <>
      <PasswordInput
        label={fieldLabel(name)}
        description={note ?? (info.data === undefined ? ' ' : vaultWords(info.data))}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        placeholder={isStored && !forgotten ? 'Stored; leave empty to keep it' : ''}
        autoComplete="new-password"
        visibilityToggleFocusable
        visibilityToggleButtonProps={{
          'aria-label': name === 'password' ? 'Show the characters' : 'Show the characters of it',
        }}
        key={form.key(name)}
        {...form.getInputProps(name)}
        error={form.errors[name] ?? problem}
      />
      {isStored && (
        <p className={classes.passwordNote}>
          {forgotten && typed === '' && 'The stored one is removed when you save. '}
          <Button
            variant="transparent"
            size="compact-xs"
            px={0}
            onClick={() => {
              form.setFieldValue(name, '');
              form.setFieldValue(forget, !forgotten);
            }}
          >
            {forgotten ? 'Keep the stored one' : 'Clear the stored one'}
          </Button>
        </p>
      )}
    </>
  );
}

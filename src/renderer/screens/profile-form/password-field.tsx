import { Button, PasswordInput } from '@mantine/core';
import { useAppInfo } from '../../data/queries.ts';
import { vaultWords } from '../../data/vault-words.ts';
import type { ProfileFormState } from './profile-fields.tsx';
import classes from './profile-form.module.css';

/** Typed passwords go to the vault and never come back; a stored one can be kept, replaced or cleared. */
export function PasswordField({ form, hasPassword }: { form: ProfileFormState; hasPassword: boolean }) {
  const info = useAppInfo();
  const { password, forgetPassword } = form.values;
  const stored = hasPassword && !forgetPassword;
  return (
    <div className={classes.wide}>
      <PasswordInput
        label="Password"
        description={info.data === undefined ? ' ' : vaultWords(info.data)}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        placeholder={stored ? 'Stored; leave empty to keep it' : ''}
        autoComplete="new-password"
        visibilityToggleFocusable
        visibilityToggleButtonProps={{ 'aria-label': 'Show the characters' }}
        key={form.key('password')}
        {...form.getInputProps('password')}
      />
      {hasPassword && (
        <p className={classes.passwordNote}>
          {forgetPassword && password === '' && 'The stored one is removed when you save. '}
          <Button
            variant="transparent"
            size="compact-xs"
            px={0}
            onClick={() => {
              form.setFieldValue('password', '');
              form.setFieldValue('forgetPassword', !forgetPassword);
            }}
          >
            {forgetPassword ? 'Keep the stored one' : 'Clear the stored one'}
          </Button>
        </p>
      )}
    </div>
  );
}

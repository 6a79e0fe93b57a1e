import { Select, Switch, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { tlsModes } from '#shared/model/profile/tls.ts';
import { durationHint, fieldTexts, tlsTexts } from './field-texts.ts';
import {
  type FormValues,
  type NumberFieldName,
  parseWholeNumber,
  type SwitchFieldName,
  type TextFieldName,
} from './form-values.ts';
import classes from './profile-form.module.css';

export type ProfileFormState = UseFormReturnType<FormValues>;

/** A titled group of fields that belong together. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={classes.group}>
      <legend className={classes.legend}>{title}</legend>
      <div className={classes.grid}>{children}</div>
    </fieldset>
  );
}

export function TextField({ form, name }: { form: ProfileFormState; name: TextFieldName }) {
  const { label, explanation } = fieldTexts[name];
  return (
    <TextInput
      label={label}
      description={explanation}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      autoComplete="off"
      spellCheck={false}
      key={form.key(name)}
      {...form.getInputProps(name)}
    />
  );
}

/** Takes whatever is typed and says the range when it does not fit: nothing is clamped in silence. */
export function NumberField({ form, name }: { form: ProfileFormState; name: NumberFieldName }) {
  const { label, explanation } = fieldTexts[name];
  const hint = name.endsWith('Ms') ? durationHint(parseWholeNumber(form.values[name])) : '';
  return (
    <TextInput
      label={label}
      description={explanation}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      inputMode="numeric"
      autoComplete="off"
      rightSection={hint === '' ? null : <Text className={classes.hint}>{hint}</Text>}
      rightSectionWidth={64}
      rightSectionPointerEvents="none"
      key={form.key(name)}
      {...form.getInputProps(name)}
    />
  );
}

export function SwitchField({ form, name }: { form: ProfileFormState; name: SwitchFieldName }) {
  const { label, explanation } = fieldTexts[name];
  return (
    <Switch
      label={label}
      description={explanation}
      disabled={name === 'queryWrites' && form.values.readOnly}
      key={form.key(name)}
      {...form.getInputProps(name, { type: 'checkbox' })}
    />
  );
}

const tlsChoices = tlsModes.map((value) => ({ value, label: tlsTexts[value].label }));

export function TlsField({ form }: { form: ProfileFormState }) {
  return (
    <Select
      className={classes.wide}
      label="TLS"
      description={tlsTexts[form.values.tlsMode].explanation}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      data={tlsChoices}
      allowDeselect={false}
      key={form.key('tlsMode')}
      {...form.getInputProps('tlsMode')}
    />
  );
}

import { Select, Switch, Text, Textarea, TextInput } from '@mantine/core';
import type { OtherName } from '#shared/model/other-names.ts';
import type { SettingName } from '#shared/model/profile/labels.ts';
import type { FormFieldName } from './field-groups.ts';
import { durationHint, fieldExplanation, fieldLabel, tlsExplanations } from './field-texts.ts';
import {
  choiceFields,
  isChoiceField,
  isNumberField,
  isSwitchField,
  type NumberFieldName,
} from './form-fields.ts';
import type { ProfileFormState } from './form-state.ts';
import { parseWholeNumber, type Stored } from './form-values.ts';
import { NamesElsewhere } from './names-elsewhere.tsx';
import { PasswordField } from './password-field.tsx';
import classes from './profile-form.module.css';
import { HostList, ParameterList } from './row-lists.tsx';

interface Props {
  form: ProfileFormState;
  name: FormFieldName;
  stored: Stored;
  /** What is wrong with it outside the form: a file that is not there. */
  problem?: string | undefined;
  /** Names elsewhere that a search found this by. */
  foundBy?: OtherName[];
}

const wide: readonly FormFieldName[] = ['password', 'tlsMode', 'moreHosts', 'parameters', 'connectSql'];
const order = ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[];

/** One setting: its box, what it does, and what it is called elsewhere. */
export function SettingField({ form, name, stored, problem, foundBy = [] }: Props) {
  return (
    <div className={wide.includes(name) ? `${classes.field} ${classes.wide}` : classes.field}>
      <Box form={form} name={name} stored={stored} problem={problem} />
      <NamesElsewhere name={name} />
      {foundBy.length > 0 && (
        <p className={classes.foundBy}>
          {foundBy.map(({ library, name: written }) => `${library}: ${written}`).join(' · ')}
        </p>
      )}
    </div>
  );
}

function Box({ form, name, stored, problem }: Props) {
  if (name === 'password') return <PasswordField form={form} name={name} isStored={stored.hasPassword} />;
  if (name === 'keyPassphrase')
    return <PasswordField form={form} name={name} isStored={stored.hasKeyPassphrase} problem={problem} />;
  if (name === 'moreHosts') return <HostList form={form} />;
  if (name === 'parameters') return <ParameterList form={form} />;
  if (isNumberField(name)) return <NumberBox form={form} name={name} />;
  if (isSwitchField(name)) {
    return (
      <Switch
        label={fieldLabel(name)}
        description={fieldExplanation(name)}
        disabled={name === 'queryWrites' && form.values.readOnly}
        key={form.key(name)}
        {...form.getInputProps(name, { type: 'checkbox' })}
      />
    );
  }
  if (isChoiceField(name)) {
    return (
      <Select
        label={fieldLabel(name)}
        description={name === 'tlsMode' ? tlsExplanations[form.values.tlsMode] : fieldExplanation(name)}
        inputWrapperOrder={order}
        data={[...choiceFields[name]]}
        allowDeselect={false}
        key={form.key(name)}
        {...form.getInputProps(name)}
      />
    );
  }
  return <TextBox form={form} name={name} problem={problem} />;
}

function TextBox({ form, name, problem }: Pick<Props, 'form' | 'problem'> & { name: SettingName }) {
  const shared = {
    label: fieldLabel(name),
    description: fieldExplanation(name),
    inputWrapperOrder: order,
    autoComplete: 'off',
    spellCheck: false,
    ...form.getInputProps(name),
    error: form.errors[name] ?? problem,
  };
  if (name === 'connectSql') return <Textarea autosize minRows={2} maxRows={10} {...shared} />;
  return <TextInput {...shared} />;
}

/** Takes whatever is typed and says the range when it does not fit: nothing is clamped in silence. */
function NumberBox({ form, name }: { form: ProfileFormState; name: NumberFieldName }) {
  const hint = name.endsWith('Ms') ? durationHint(parseWholeNumber(form.values[name])) : '';
  return (
    <TextInput
      label={fieldLabel(name)}
      description={fieldExplanation(name)}
      inputWrapperOrder={order}
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

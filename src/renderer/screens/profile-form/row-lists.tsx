import { ActionIcon, Button, Input, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { fieldExplanation, fieldLabel } from './field-texts.ts';
import type { ProfileFormState } from './form-state.ts';
import type { FormValues } from './form-values.ts';
import classes from './row-lists.module.css';

interface Column {
  key: string;
  /** For the nth row. */
  label: (row: number) => string;
  placeholder: string;
}

interface ListProps {
  form: ProfileFormState;
  name: 'moreHosts' | 'parameters';
  columns: Column[];
  added: FormValues['moreHosts'][number] | FormValues['parameters'][number];
  addLabel: string;
  removeLabel: (row: number) => string;
}

/** A setting that is a list: a row of boxes for each item, in the order they count. */
function RowList({ form, name, columns, added, addLabel, removeLabel }: ListProps) {
  const rows = form.values[name];
  const focusSoon = (path: string) =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-path="${path}"]`)?.focus());
  return (
    <Input.Wrapper
      label={fieldLabel(name)}
      labelElement="div"
      description={fieldExplanation(name)}
      error={form.errors[name]}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
    >
      <div className={classes.rows} data-kind={name}>
        {rows.map((_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other name than its place
          <div key={i} className={classes.row}>
            {columns.map(({ key, label, placeholder }) => (
              <TextInput
                key={key}
                aria-label={label(i + 1)}
                placeholder={placeholder}
                autoComplete="off"
                spellCheck={false}
                {...form.getInputProps(`${name}.${i}.${key}`)}
              />
            ))}
            <ActionIcon
              size={30}
              aria-label={removeLabel(i + 1)}
              onClick={() => {
                form.removeListItem(name, i);
                focusSoon(name);
              }}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<Plus size={12} aria-hidden />}
          data-path={name}
          onClick={() => {
            form.insertListItem(name, added);
            focusSoon(`${name}.${rows.length}.${columns[0]?.key}`);
          }}
        >
          {addLabel}
        </Button>
      </div>
    </Input.Wrapper>
  );
}

export const HostList = ({ form }: { form: ProfileFormState }) => (
  <RowList
    form={form}
    name="moreHosts"
    columns={[
      { key: 'host', label: (row) => `Address of further host ${row}`, placeholder: 'Name or address' },
      { key: 'port', label: (row) => `Number of its port, ${row}`, placeholder: '5432' },
    ]}
    added={{ host: '', port: '5432' }}
    addLabel="Add a host"
    removeLabel={(row) => `Remove further host ${row}`}
  />
);

export const ParameterList = ({ form }: { form: ProfileFormState }) => (
  <RowList
    form={form}
    name="parameters"
    columns={[
      { key: 'name', label: (row) => `Session parameter ${row}`, placeholder: 'work_mem' },
      { key: 'value', label: (row) => `Value of session parameter ${row}`, placeholder: '64MB' },
    ]}
    added={{ name: '', value: '' }}
    addLabel="Add a parameter"
    removeLabel={(row) => `Remove session parameter ${row}`}
  />
);

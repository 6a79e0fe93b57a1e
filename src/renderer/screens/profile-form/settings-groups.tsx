import { UnstyledButton } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { useId } from 'react';
import {
  type FieldGroup,
  type FormFieldName,
  fieldGroups,
  type GroupId,
  groupOfField,
} from './field-groups.ts';
import type { FoundSettings } from './find-settings.ts';
import type { ProfileFormState } from './form-state.ts';
import type { FieldErrors, Stored } from './form-values.ts';
import { groupSummary } from './group-summary.ts';
import classes from './profile-form.module.css';
import { SettingField } from './setting-field.tsx';

interface Props {
  form: ProfileFormState;
  stored: Stored;
  /** What is wrong with the TLS files, by field. */
  fileProblems: FieldErrors;
  /** What is searched for; null shows everything. */
  found: FoundSettings;
  open: ReadonlySet<GroupId>;
  onToggle: (id: GroupId) => void;
}

/** All settings in their groups. What is closed is not in the document, so that typing stays quick. */
export function SettingsGroups(props: Props) {
  const { found } = props;
  const shown = fieldGroups
    .map((group) => ({ group, fields: group.fields.filter((name) => found === null || found.has(name)) }))
    .filter(({ fields }) => fields.length > 0);
  if (shown.length === 0)
    return <p className={classes.none}>No setting is called that, here or elsewhere.</p>;
  return shown.map(({ group, fields }) =>
    group.id === 'target' ? (
      <fieldset key={group.id} className={classes.group}>
        <legend className={classes.legend}>{group.title}</legend>
        <Fields {...props} fields={fields} />
      </fieldset>
    ) : (
      <Collapsible key={group.id} {...props} group={group} fields={fields} />
    ),
  );
}

function Fields({ form, stored, fileProblems, found, fields }: Props & { fields: readonly FormFieldName[] }) {
  return (
    <div className={classes.grid}>
      {fields.map((name) => (
        <SettingField
          key={name}
          form={form}
          name={name}
          stored={stored}
          problem={fileProblems[name]}
          foundBy={found?.get(name) ?? []}
        />
      ))}
    </div>
  );
}

function Collapsible(props: Props & { group: FieldGroup; fields: readonly FormFieldName[] }) {
  const { form, fileProblems, group, found, open, onToggle } = props;
  const id = useId();
  const isOpen = found !== null || open.has(group.id);
  const paths = Object.keys({ ...fileProblems, ...form.errors });
  const wrong = paths.filter((path) => groupOfField(path)?.id === group.id).length;
  return (
    <section className={classes.folded} data-open={isOpen || undefined}>
      <h2 className={classes.heading}>
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={isOpen}
          aria-controls={isOpen ? id : undefined}
          disabled={found !== null}
          onClick={() => onToggle(group.id)}
        >
          <ChevronRight className={classes.chevron} size={14} aria-hidden />
          <span className={classes.title}>{group.title}</span>
          <span className={classes.summary} data-wrong={wrong > 0 || undefined}>
            {wrong > 0 ? `${wrong} to mend` : groupSummary(group, form.values)}
          </span>
        </UnstyledButton>
      </h2>
      {isOpen && (
        <div id={id} className={classes.body}>
          <Fields {...props} />
        </div>
      )}
    </section>
  );
}

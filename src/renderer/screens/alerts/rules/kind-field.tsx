import { NativeSelect } from '@mantine/core';
import { type AlertKind, type AlertSource, alertKindInfo, alertKinds } from '#shared/model/alert-kinds.ts';

const groups: { label: string; source: AlertSource }[] = [
  { label: 'Pool', source: 'pool' },
  { label: 'Health', source: 'health' },
  { label: 'Server sessions', source: 'sessions' },
  { label: 'Certificate', source: 'certificate' },
  { label: 'Pooler', source: 'pooler' },
];

/** What a rule watches, with what that is. */
export function KindField({ kind, onChange }: { kind: AlertKind; onChange(kind: AlertKind): void }) {
  return (
    <NativeSelect
      size="xs"
      label="What is watched"
      description={alertKindInfo[kind].explanation}
      inputWrapperOrder={['label', 'input', 'description']}
      value={kind}
      onChange={(event) => onChange(event.currentTarget.value as AlertKind)}
    >
      {groups.map(({ label, source }) => (
        <optgroup key={source} label={label}>
          {alertKinds
            .filter((known) => alertKindInfo[known].source === source)
            .map((known) => (
              <option key={known} value={known}>
                {alertKindInfo[known].label}
              </option>
            ))}
        </optgroup>
      ))}
    </NativeSelect>
  );
}

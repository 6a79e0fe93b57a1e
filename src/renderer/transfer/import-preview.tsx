import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportedProfile, ImportPreview } from '#shared/contract/profile-transfer.ts';
import { request } from '../bridge/client.ts';
import { payloadOf } from '../data/errors.ts';
import { ErrorNote } from '../kit/error-note.tsx';
import { go } from '../navigation/place.ts';
import classes from './transfer.module.css';
import { showTransfer } from './transfer-dialogs.ts';

interface Choice {
  taken: boolean;
  name: string;
  replaces: boolean;
}

const firstChoice = ({ problems, draft }: ImportedProfile): Choice => ({
  taken: problems.length === 0,
  name: draft.name,
  replaces: false,
});

/** What an import would do, to be chosen from. */
export function ImportPreviewForm({ preview, onBack }: { preview: ImportPreview; onBack(): void }) {
  const [choices, setChoices] = useState(
    () => new Map(preview.profiles.map((profile) => [profile.key, firstChoice(profile)])),
  );
  const apply = useMutation({
    mutationFn: () =>
      request('profiles.applyImport', {
        importId: preview.importId,
        choices: preview.profiles.flatMap(({ key, replaces }) => {
          const choice = choices.get(key);
          if (choice?.taken !== true) return [];
          const replaceProfileId = choice.replaces ? (replaces?.profileId ?? null) : null;
          return [{ key, name: choice.name.trim(), replaceProfileId }];
        }),
      }),
    onSuccess: () => {
      showTransfer(null);
      go({ screen: 'overview' });
    },
    meta: { shownInPlace: true },
  });
  const count = [...choices.values()].filter(({ taken }) => taken).length;
  const change = (key: string, changed: Partial<Choice>) => {
    const before = choices.get(key);
    if (before !== undefined) setChoices(new Map(choices).set(key, { ...before, ...changed }));
  };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (count > 0) apply.mutate();
      }}
    >
      <ul className={classes.found} aria-label="Connections found">
        {preview.profiles.map((profile) => (
          <Found
            key={profile.key}
            profile={profile}
            choice={choices.get(profile.key) ?? firstChoice(profile)}
            onChange={(changed) => change(profile.key, changed)}
          />
        ))}
      </ul>
      <Reasons title="Not taken over" entries={preview.notUnderstood} />
      {apply.error !== null && <ErrorNote error={payloadOf(apply.error)} />}
      <div className={classes.foot}>
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" data-autofocus loading={apply.isPending} disabled={count === 0}>
          {count === 1 ? 'Import 1 connection' : `Import ${count} connections`}
        </Button>
      </div>
    </form>
  );
}

interface FoundProps {
  profile: ImportedProfile;
  choice: Choice;
  onChange(changed: Partial<Choice>): void;
}

function Found({ profile, choice, onChange }: FoundProps) {
  const { draft, understood, notUnderstood, problems, replaces, hasPassword } = profile;
  const target = `${draft.user} at ${draft.host} port ${draft.port}, database ${draft.database}`;
  return (
    <li className={classes.one}>
      <Checkbox
        label={<bdi>{target}</bdi>}
        aria-label={`Import ${draft.name}`}
        checked={choice.taken}
        disabled={problems.length > 0}
        onChange={(event) => onChange({ taken: event.currentTarget.checked })}
      />
      {problems.map((problem) => (
        <p key={problem} className={classes.problem}>
          {problem}
        </p>
      ))}
      <div className={classes.fields}>
        <TextInput
          label="Name"
          value={choice.name}
          maxLength={80}
          disabled={!choice.taken}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        {replaces !== null && (
          <Select
            label="Where"
            description={choice.replaces ? 'What the text does not speak of stays as it is.' : null}
            inputWrapperOrder={['label', 'input', 'error', 'description']}
            data={[
              { value: 'new', label: 'As a new connection' },
              { value: 'replace', label: `In place of ${replaces.name}` },
            ]}
            value={choice.replaces ? 'replace' : 'new'}
            allowDeselect={false}
            disabled={!choice.taken}
            onChange={(value) => onChange({ replaces: value === 'replace' })}
          />
        )}
      </div>
      <details>
        <summary>
          {understood.length === 1 ? '1 setting understood' : `${understood.length} settings understood`}
          {hasPassword ? ', with its password' : ', no password'}
        </summary>
        <ul className={classes.settings}>
          {understood.map(({ from, to }) => (
            <li key={`${from} ${to}`}>
              <code>{from}</code> → {to}
            </li>
          ))}
        </ul>
      </details>
      <Reasons title="Not taken over" entries={notUnderstood} />
    </li>
  );
}

function Reasons({ title, entries }: { title: string; entries: { from: string; why: string }[] }) {
  if (entries.length === 0) return null;
  return (
    <div className={classes.reasons}>
      <p>{title}</p>
      <ul className={classes.settings}>
        {entries.map(({ from, why }) => (
          <li key={`${from} ${why}`}>
            <code>{from}</code> {why}
          </li>
        ))}
      </ul>
    </div>
  );
}

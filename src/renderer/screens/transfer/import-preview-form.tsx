import { Button, Checkbox, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportedProfile, ImportPreview } from '#shared/contract/profile-transfer.ts';
import { request } from '../../bridge/client.ts';
import { payloadOf } from '../../data/errors.ts';
import { keys } from '../../data/queries.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { targetOf } from '../../kit/target-of.ts';
import { go, goToConnection } from '../../navigation/place.ts';
import { choiceProblem, firstChoices, type ImportChoice, takenChoices } from './import-choices.ts';
import { sourceTexts } from './source-texts.ts';
import classes from './transfer.module.css';

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** What was read, before anything is saved; all that is chosen is taken over, or none of it. */
export function ImportPreviewForm({ preview }: { preview: ImportPreview }) {
  const client = useQueryClient();
  const [choices, setChoices] = useState(() => firstChoices(preview));
  const taken = takenChoices(preview.profiles, choices);
  const valid = Object.values(choices).every((choice) => choiceProblem(choice) === null);
  const apply = useMutation({
    mutationFn: () => request('profiles.applyImport', { importId: preview.importId, choices: taken }),
    onSuccess: async ({ created, replaced }) => {
      await client.invalidateQueries({ queryKey: keys.profiles });
      notifications.show({
        title: 'Imported',
        message: [
          created.length > 0 ? `${count(created.length, 'connection')} added.` : '',
          replaced.length > 0 ? `${count(replaced.length, 'connection')} replaced.` : '',
        ].join(' '),
        color: 'scope',
        closeButtonProps: { 'aria-label': 'Dismiss this notice' },
      });
      const [only] = [...created, ...replaced];
      if (taken.length === 1 && only !== undefined) goToConnection(only, 'settings');
      else go({ screen: 'overview' });
    },
    meta: { shownInPlace: true },
  });
  return (
    <form
      className={classes.form}
      aria-label="What was read"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid && taken.length > 0 && !apply.isPending) apply.mutate();
      }}
    >
      <p className={classes.dim} role="status">
        Read as: {sourceTexts[preview.source].label}. {count(preview.profiles.length, 'connection')} found.
      </p>
      {preview.profiles.map((profile) => (
        <ImportedCard
          key={profile.key}
          profile={profile}
          choice={choices[profile.key] ?? { taken: false, name: '', replaceProfileId: null }}
          onChange={(choice) => setChoices({ ...choices, [profile.key]: choice })}
        />
      ))}
      <NotUnderstood items={preview.notUnderstood} />
      {apply.isError && <ErrorNote error={payloadOf(apply.error)} />}
      {preview.profiles.length > 0 && (
        <div className={classes.buttons}>
          <Button type="submit" loading={apply.isPending} disabled={!valid || taken.length === 0}>
            {taken.length === 0 ? 'Import' : `Import ${count(taken.length, 'connection')}`}
          </Button>
        </div>
      )}
    </form>
  );
}

interface CardProps {
  profile: ImportedProfile;
  choice: ImportChoice;
  onChange(choice: ImportChoice): void;
}

function ImportedCard({ profile, choice, onChange }: CardProps) {
  const { draft, understood, notUnderstood, problems, replaces, hasPassword, hasKeyPassphrase } = profile;
  return (
    <fieldset className={classes.card}>
      <legend>{draft.name}</legend>
      <p className={classes.dim}>
        {targetOf(draft)}
        {hasPassword ? ' · with its password' : ' · without a password'}
        {hasKeyPassphrase && ' · with the passphrase of its key'}
      </p>
      {problems.length > 0 ? (
        <ul className={classes.problems}>
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      ) : (
        <div className={classes.choice}>
          <Checkbox
            label="Import it"
            checked={choice.taken}
            onChange={(event) => onChange({ ...choice, taken: event.currentTarget.checked })}
          />
          <TextInput
            aria-label={`Name of ${draft.name}`}
            value={choice.name}
            error={choiceProblem(choice)}
            disabled={!choice.taken}
            onChange={(event) => onChange({ ...choice, name: event.currentTarget.value })}
          />
          {replaces !== null && (
            <Checkbox
              label={`Replace “${replaces.name}”, which has the same target: its settings are overwritten, its history stays`}
              disabled={!choice.taken}
              checked={choice.replaceProfileId !== null}
              onChange={(event) =>
                onChange({
                  ...choice,
                  replaceProfileId: event.currentTarget.checked ? replaces.profileId : null,
                })
              }
            />
          )}
        </div>
      )}
      {understood.length > 0 && (
        <details>
          <summary>Understood: {count(understood.length, 'setting')}</summary>
          <ul className={classes.items}>
            {understood.map(({ from, to }) => (
              <li key={`${from}\n${to}`}>
                <code>{from}</code> → {to}
              </li>
            ))}
          </ul>
        </details>
      )}
      <NotUnderstood items={notUnderstood} />
    </fieldset>
  );
}

function NotUnderstood({ items }: { items: readonly { from: string; why: string }[] }) {
  if (items.length === 0) return null;
  return (
    <details open>
      <summary>Left out: {items.length}</summary>
      <ul className={classes.items}>
        {items.map(({ from, why }) => (
          <li key={`${from}\n${why}`}>
            <code>{from}</code>: {why}
          </li>
        ))}
      </ul>
    </details>
  );
}

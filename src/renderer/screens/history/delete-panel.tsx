import { Button, NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { HistoryStorage } from '#shared/contract/history-storage.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { Panel } from '../../kit/panel.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { type DeleteValues, type Deletion, deletionOf } from './delete-values.ts';
import classes from './history-screen.module.css';

const all = 'all';
/** A connection's id never stands alone as a value, so none can be mistaken for "all". */
const optionOf = (profileId: string | null) => (profileId === null ? all : `id:${profileId}`);

/** Deletes history by connection and age, after saying exactly what would go. */
export function DeletePanel({ storage }: { storage: HistoryStorage }) {
  const [values, setValues] = useState<DeleteValues>({ profileId: null, age: 'older', days: 30 });
  const [error, setError] = useState<string | null>(null);
  const [deletion, setDeletion] = useState<Deletion | null>(null);
  const [opened, dialog] = useDisclosure(false);
  const change = (part: Partial<DeleteValues>) => {
    setValues((before) => ({ ...before, ...part }));
    setError(null);
  };
  const name = storage.profiles.find(({ profileId }) => profileId === values.profileId)?.name;

  return (
    <Panel title="Delete history">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const outcome = deletionOf(values, engineNowMs());
          if (typeof outcome === 'string') setError(outcome);
          else {
            setDeletion(outcome);
            dialog.open();
          }
        }}
      >
        <div className={classes.pair}>
          <Select
            label="Of"
            allowDeselect={false}
            data={[
              { value: all, label: 'Everything' },
              ...storage.profiles.map(({ profileId, name }) => ({ value: optionOf(profileId), label: name })),
            ]}
            value={optionOf(values.profileId)}
            onChange={(value) =>
              change({ profileId: value === null || value === all ? null : value.slice(3) })
            }
          />
          <NumberInput
            label="Older than (days)"
            min={1}
            max={3660}
            clampBehavior="none"
            allowDecimal={false}
            disabled={values.age === 'any'}
            value={values.days}
            error={error}
            onChange={(days) => change({ days })}
          />
        </div>
        <div className={classes.buttons}>
          <SegmentedControl
            aria-label="Age"
            data={[
              { value: 'older', label: 'Older than' },
              { value: 'any', label: 'Of any age' },
            ]}
            value={values.age}
            onChange={(age) => change({ age: age as DeleteValues['age'] })}
          />
          <span className={classes.spring} />
          <Button type="submit" variant="default" disabled={storage.profiles.length === 0}>
            See what would go…
          </Button>
        </div>
      </form>
      <DeleteDialog
        opened={opened}
        onClose={dialog.close}
        asked={
          deletion && {
            deletion,
            what: (
              <>
                the history of{' '}
                {name === undefined ? 'all connections and of this machine' : <bdi>{name}</bdi>}
                {values.age === 'older' &&
                  `, older than ${values.days} ${Number(values.days) === 1 ? 'day' : 'days'}`}
              </>
            ),
          }
        }
      />
    </Panel>
  );
}

import { Button, Modal, NumberInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistoryRetention, HistoryStorage } from '#shared/contract/history-storage.ts';
import { request } from '../../bridge/client.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import { payloadOf } from '../../data/errors.ts';
import { useRefreshStorage } from '../../data/history-queries.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import classes from './history-screen.module.css';
import {
  checkedRetention,
  lostByRetention,
  type RetentionErrors,
  type RetentionValues,
} from './retention-values.ts';

/** For how long seconds and minutes are kept. */
export function RetentionForm({ storage }: { storage: HistoryStorage }) {
  const refresh = useRefreshStorage();
  const { rawDays, rollupDays } = storage.retention;
  const [edited, setEdited] = useState<RetentionValues | null>(null);
  const [errors, setErrors] = useState<RetentionErrors>({});
  const [asking, setAsking] = useState<{ retention: HistoryRetention; lost: string[] } | null>(null);
  const values = edited ?? { rawDays, rollupDays };
  const unchanged = Number(values.rawDays) === rawDays && Number(values.rollupDays) === rollupDays;

  const save = useMutation({
    mutationFn: (retention: HistoryRetention) => request('history.setRetention', retention),
    onSuccess: (next) => {
      refresh(next);
      setEdited(null);
    },
    meta: { shownInPlace: true },
  });
  const change = (part: Partial<RetentionValues>) => {
    setEdited({ ...values, ...part });
    setErrors({});
    save.reset();
  };
  const submit = () => {
    const outcome = checkedRetention(values);
    setErrors('errors' in outcome ? outcome.errors : {});
    if ('errors' in outcome) return;
    const { retention } = outcome;
    const lost = lostByRetention(storage.retention, retention, storage.oldestAtMs, engineNowMs());
    if (lost.length > 0) setAsking({ retention, lost });
    else save.mutate(retention);
  };

  return (
    <Panel title="How long it is kept">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className={classes.pair}>
          <NumberInput
            label="Every second, for (days)"
            min={1}
            max={366}
            clampBehavior="none"
            allowDecimal={false}
            value={values.rawDays}
            error={errors.rawDays}
            onChange={(value) => change({ rawDays: value })}
          />
          <NumberInput
            label="Every minute, for (days)"
            min={1}
            max={3660}
            clampBehavior="none"
            allowDecimal={false}
            value={values.rollupDays}
            error={errors.rollupDays}
            onChange={(value) => change({ rollupDays: value })}
          />
        </div>
        {save.isError && <ErrorNote error={payloadOf(save.error)} />}
        <div className={classes.buttons}>
          <span role="status" className={classes.dim}>
            {save.isSuccess && unchanged && 'Saved.'}
          </span>
          <Button variant="default" disabled={unchanged} onClick={() => setEdited(null)}>
            Discard changes
          </Button>
          <Button type="submit" disabled={unchanged} loading={save.isPending}>
            Save
          </Button>
        </div>
      </form>
      <Modal
        opened={asking !== null}
        onClose={() => setAsking(null)}
        title="Keep less history?"
        attributes={{ header: { role: 'presentation' } }}
        closeButtonProps={{ 'aria-label': 'Close and keep everything' }}
      >
        <div className={classes.dialog}>
          {asking?.lost.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <p>This happens at once and cannot be undone.</p>
          <div className={classes.buttons}>
            <Button data-autofocus variant="default" onClick={() => setAsking(null)}>
              Keep everything
            </Button>
            <Button
              color="red.9"
              onClick={() => {
                if (asking !== null) save.mutate(asking.retention);
                setAsking(null);
              }}
            >
              Delete what is older
            </Button>
          </div>
        </div>
      </Modal>
    </Panel>
  );
}

import { Button, Checkbox, Modal, NumberInput, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CommandPlan } from '#shared/contract/pgbouncer.ts';
import type { PoolerCommand } from '#shared/model/pooler-command.ts';
import { request } from '../../bridge/client.ts';
import { isCancelled, payloadOf } from '../../data/errors.ts';
import { notifyFailure } from '../../data/notify.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { confirmationOf } from './command-rights.ts';
import classes from './pgbouncer.module.css';

interface Props {
  profileId: string;
  asked: PoolerCommand | null;
  onClose(): void;
  /** The command was given; what it was given from has nothing more to say. */
  onDone(): void;
}

/** Explains a command before it is given, gives it when told to, and says what happened. */
export function CommandDialog({ profileId, asked, onClose, onDone }: Props) {
  // What was asked stays while the dialog fades, so that it does not go blank first.
  const last = useRef<PoolerCommand | null>(null);
  if (asked !== null) last.current = asked;
  const shown = asked ?? last.current;
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      title="Command the pooler"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {shown !== null && (
        <CommandForm
          key={JSON.stringify(shown)}
          profileId={profileId}
          first={shown}
          onClose={onClose}
          onDone={onDone}
        />
      )}
    </Modal>
  );
}

function CommandForm({ profileId, first, onClose, onDone }: Omit<Props, 'asked'> & { first: PoolerCommand }) {
  const [command, setCommand] = useState(first);
  const [typed, setTyped] = useState('');
  const client = useQueryClient();
  const plan = useQuery({
    queryKey: ['pgbouncer.explain', profileId, command],
    queryFn: ({ signal }) => request('pgbouncer.explain', { profileId, command }, { signal }),
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
  const running = useRef<AbortController | null>(null);
  const gone = useRef(false);
  const run = useMutation({
    mutationFn: () => {
      const abort = new AbortController();
      running.current = abort;
      return request('pgbouncer.run', { profileId, command }, { signal: abort.signal });
    },
    onSuccess: ({ outcome, text }) => {
      onDone();
      notifications.show({
        title: text,
        message: outcome,
        color: 'scope',
        closeButtonProps: { 'aria-label': 'Dismiss this notice' },
      });
    },
    onError: (error) => {
      // Whoever closed the dialog meanwhile would not hear of it.
      if (gone.current) notifyFailure('The command failed', error);
    },
    onSettled: () => {
      running.current = null;
      void client.invalidateQueries({ queryKey: ['pgbouncer.settings', profileId] });
      void client.invalidateQueries({ queryKey: ['pgbouncer.table', profileId] });
      void client.invalidateQueries({ queryKey: ['pgbouncer.overview', profileId] });
    },
    meta: { shownInPlace: true },
  });
  // A PAUSE goes on without the dialog: the banner has it, and the way back.
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  const error = run.error ?? plan.error;
  const confirmation = plan.data === undefined ? null : confirmationOf(command, plan.data.impact);
  const mayRun =
    plan.data !== undefined &&
    plan.data.refusal === null &&
    (confirmation === null || typed.trim() === confirmation);
  return (
    <form
      className={classes.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (mayRun && !run.isPending) run.mutate();
      }}
    >
      {plan.data === undefined ? (
        !plan.isError && <p role="status">Looking up what this would do…</p>
      ) : (
        <Explained plan={plan.data} />
      )}
      <Options command={command} disabled={run.isPending} onChange={setCommand} />
      {confirmation !== null && plan.data?.refusal === null && (
        <TextInput
          data-autofocus
          label={
            <>
              To go on, type <code>{confirmation}</code>
            </>
          }
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      {run.isPending && command.kind === 'pause' && (
        <p role="status">Waiting for open transactions to end. New queries wait already.</p>
      )}
      {error !== null && !isCancelled(error) && <ErrorNote error={payloadOf(error)} />}
      {error !== null && isCancelled(error) && <p role="status">Stopped, and taken back.</p>}
      <div className={classes.buttons}>
        <Button
          variant="default"
          {...(confirmation === null ? { 'data-autofocus': true } : {})}
          onClick={() => (run.isPending ? running.current?.abort() : onClose())}
        >
          {run.isPending ? 'Stop' : 'Leave it'}
        </Button>
        <Button
          type="submit"
          loading={run.isPending}
          disabled={!mayRun}
          {...(plan.data?.impact === 'breaks' ? { color: 'red.9' } : {})}
        >
          {plan.data?.title ?? 'Go on'}
        </Button>
      </div>
    </form>
  );
}

function Explained({ plan }: { plan: CommandPlan }) {
  return (
    <>
      <p>
        <code className={classes.command}>{plan.text}</code>
      </p>
      <ul className={classes.effects}>
        {plan.effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      <p>{plan.undo === null ? 'It cannot be undone.' : `Undone by: ${plan.undo}`}</p>
      {plan.refusal !== null && <ErrorNote error={plan.refusal} />}
    </>
  );
}

interface OptionsProps {
  command: PoolerCommand;
  disabled: boolean;
  onChange(command: PoolerCommand): void;
}

/** What the user may decide about a command: how long a PAUSE waits, and whether it ends by itself. */
function Options({ command, disabled, onChange }: OptionsProps) {
  if (command.kind !== 'pause' && command.kind !== 'kill') return null;
  return (
    <>
      {command.kind === 'pause' && (
        <NumberInput
          label="Taken back when it has not finished after (seconds)"
          min={1}
          max={600}
          allowDecimal={false}
          clampBehavior="strict"
          disabled={disabled}
          value={Math.round(command.timeoutMs / 1000)}
          onChange={(value) => {
            const seconds = Number(value);
            if (Number.isInteger(seconds) && seconds >= 1)
              onChange({ ...command, timeoutMs: seconds * 1000 });
          }}
        />
      )}
      <Checkbox
        size="xs"
        disabled={disabled}
        label="Resume by itself when Poolscope quits or loses the console"
        checked={command.autoResume}
        onChange={(event) => onChange({ ...command, autoResume: event.currentTarget.checked })}
      />
    </>
  );
}

import { Switch } from '@mantine/core';
import { payloadOf } from '../../data/errors.ts';
import { useSaveSessionsSettings, useSessionsSettings } from '../../data/sessions-settings.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import classes from './history-screen.module.css';

/** Whether servers' sessions are recorded while nobody looks at them. */
export function SamplingPanel() {
  const { data: settings, error } = useSessionsSettings();
  const save = useSaveSessionsSettings();
  const failure = save.error ?? error;
  return (
    <Panel title="Server sessions">
      {settings !== undefined && (
        <Switch
          label="Sample in the background"
          description={`While a pool of the server is open and nobody looks at its sessions: every ${
            settings.backgroundIntervalMs / 1000
          } seconds, over one connection for each server. Off, charts of sessions have gaps for that time.`}
          checked={save.isPending ? save.variables.background : settings.background}
          onChange={(event) => save.mutate({ ...settings, background: event.currentTarget.checked })}
        />
      )}
      {failure !== null && <ErrorNote error={payloadOf(failure)} />}
      {settings === undefined && failure === null && <p className={classes.dim}>Reading…</p>}
    </Panel>
  );
}

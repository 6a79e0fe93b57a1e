import { Button, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { MetricsStatus } from '#shared/contract/metrics.ts';
import { endpointSettingsSchema } from '#shared/model/metrics-settings.ts';
import { payloadOf } from '../../data/errors.ts';
import { setEndpoint, useMetricsChange } from '../../data/metrics-status.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import classes from './app-settings.module.css';
import { AddressList } from './endpoint-addresses.tsx';
import { FormButtons } from './form-buttons.tsx';

interface Values {
  enabled: boolean;
  port: string;
}

/** The endpoint that Prometheus and others fetch metrics from. */
export function EndpointSection({ status }: { status: MetricsStatus['endpoint'] }) {
  const saved: Values = { enabled: status.enabled, port: String(status.port) };
  const [edited, setEdited] = useState<Values | null>(null);
  const [portError, setPortError] = useState<string | null>(null);
  const save = useMetricsChange(setEndpoint);
  const values = edited ?? saved;
  const unchanged = values.enabled === saved.enabled && values.port.trim() === saved.port;

  const change = (part: Partial<Values>) => {
    setEdited({ ...values, ...part });
    setPortError(null);
    save.reset();
  };
  const submit = () => {
    const port = /^\d+$/.test(values.port.trim()) ? Number(values.port) : Number.NaN;
    const parsed = endpointSettingsSchema.safeParse({ enabled: values.enabled, port });
    if (!parsed.success) return setPortError(parsed.error.issues[0]?.message ?? null);
    save.mutate(parsed.data, { onSuccess: () => setEdited(null) });
  };

  return (
    <Panel title="Metrics endpoint">
      <p>
        Prometheus, or any program of this machine, can fetch what the pools do from here. Other machines
        cannot: it answers on 127.0.0.1 alone.
      </p>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Switch
          label="Serve metrics"
          checked={values.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        <TextInput
          className={classes.short ?? ''}
          label="Port"
          inputMode="numeric"
          autoComplete="off"
          value={values.port}
          error={portError}
          onChange={(event) => change({ port: event.currentTarget.value })}
        />
        {save.isError && <ErrorNote error={payloadOf(save.error)} />}
        {status.error !== null && !save.isError && (
          <ErrorNote error={status.error}>
            {unchanged && (
              <Button variant="default" loading={save.isPending} onClick={submit}>
                Try again
              </Button>
            )}
          </ErrorNote>
        )}
        {status.url !== null && <AddressList url={status.url} />}
        <FormButtons
          saved={save.isSuccess && unchanged}
          unchanged={unchanged}
          saving={save.isPending}
          onDiscard={() => {
            setEdited(null);
            setPortError(null);
            save.reset();
          }}
        />
      </form>
    </Panel>
  );
}

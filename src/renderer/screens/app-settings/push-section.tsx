import { Button, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { MetricsStatus } from '#shared/contract/metrics.ts';
import { payloadOf } from '../../data/errors.ts';
import { pushNow, setPush, useMetricsChange } from '../../data/metrics-status.ts';
import { useAppInfo } from '../../data/queries.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import classes from './app-settings.module.css';
import { FormButtons } from './form-buttons.tsx';
import { LastPush } from './last-push.tsx';
import { checkedPush, type PushProblems, type PushValues, valuesOf } from './push-values.ts';

/** The push of metrics to an OpenTelemetry collector. */
export function PushSection({ status }: { status: MetricsStatus['push'] }) {
  const info = useAppInfo();
  const saved = valuesOf(status);
  const [edited, setEdited] = useState<PushValues | null>(null);
  const [problems, setProblems] = useState<PushProblems>({});
  const save = useMetricsChange(setPush);
  const push = useMetricsChange(pushNow);
  const values = edited ?? saved;
  const unchanged = JSON.stringify(values) === JSON.stringify(saved);
  const stored = status.hasHeaders && !values.forgetHeaders;

  const change = (part: Partial<PushValues>) => {
    setEdited({ ...values, ...part });
    setProblems({});
    save.reset();
  };
  const submit = () => {
    const checked = checkedPush(values);
    setProblems(checked.ok ? {} : checked.problems);
    if (checked.ok) save.mutate(checked.input, { onSuccess: () => setEdited(null) });
  };
  const failure = save.isError ? payloadOf(save.error) : null;
  const headersProblem = failure?.details.fields?.headers;

  return (
    <Panel title="Push to a collector">
      <p>
        The same metrics, sent over OTLP (HTTP, protobuf) to an OpenTelemetry collector or a service that
        takes them.
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
          label="Push metrics"
          checked={values.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        <TextInput
          label="Address"
          placeholder="https://collector.example.com/v1/metrics"
          autoComplete="off"
          spellCheck={false}
          value={values.url}
          error={problems.url}
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
        <Textarea
          label="Headers"
          description={`One a line, stored as passwords are. ${info.data?.vault.explanation ?? ''}`}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          placeholder={stored ? 'Stored; leave empty to keep them' : 'Authorization: Bearer …'}
          autoComplete="off"
          spellCheck={false}
          autosize
          minRows={2}
          maxRows={6}
          value={values.headers}
          error={headersProblem}
          onChange={(event) => change({ headers: event.currentTarget.value })}
        />
        {status.hasHeaders && (
          <p className={classes.dim}>
            {values.forgetHeaders &&
              values.headers.trim() === '' &&
              'The stored ones are removed when you save. '}
            <Button
              variant="transparent"
              size="compact-xs"
              px={0}
              onClick={() => change({ headers: '', forgetHeaders: !values.forgetHeaders })}
            >
              {values.forgetHeaders ? 'Keep the stored ones' : 'Clear the stored ones'}
            </Button>
          </p>
        )}
        <TextInput
          className={classes.short ?? ''}
          label="Every (seconds)"
          inputMode="numeric"
          autoComplete="off"
          value={values.seconds}
          error={problems.seconds}
          onChange={(event) => change({ seconds: event.currentTarget.value })}
        />
        {failure !== null && headersProblem === undefined && <ErrorNote error={failure} />}
        {push.isError && <ErrorNote error={payloadOf(push.error)} />}
        <LastPush status={status} />
        <FormButtons
          saved={save.isSuccess && unchanged}
          unchanged={unchanged}
          saving={save.isPending}
          onDiscard={() => {
            setEdited(null);
            setProblems({});
            save.reset();
          }}
        >
          {status.enabled && (
            <Button
              variant="default"
              disabled={!unchanged}
              loading={push.isPending}
              onClick={() => push.mutate()}
            >
              Push now
            </Button>
          )}
        </FormButtons>
      </form>
    </Panel>
  );
}

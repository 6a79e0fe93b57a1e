import { Button, Checkbox, PasswordInput, Switch, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type AlertSettingsView, webhookUrlProblem } from '#shared/contract/alerts.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { Panel } from '../../../kit/panel.tsx';
import classes from './delivery.module.css';
import { DeliveryOutcome } from './delivery-outcome.tsx';
import { useSaveAlertSettings } from './use-save-alert-settings.ts';
import { checkedWebhook, type WebhookErrors, type WebhookValues, webhookValuesOf } from './webhook-values.ts';

/** Where alerts are sent as JSON, signed by a secret that is never shown again. */
export function WebhookPanel({ view }: { view: AlertSettingsView }) {
  const { settings, hasWebhookSecret } = view;
  const [edited, setEdited] = useState<WebhookValues | null>(null);
  const [errors, setErrors] = useState<WebhookErrors>({});
  const save = useSaveAlertSettings();
  const test = useMutation({
    mutationFn: (url: string) => request('alerts.testWebhook', { url }),
    meta: { shownInPlace: true },
  });
  const values = edited ?? webhookValuesOf(settings);
  const unchanged = JSON.stringify(values) === JSON.stringify(webhookValuesOf(settings));
  const change = (part: Partial<WebhookValues>) => {
    setEdited({ ...values, ...part });
    setErrors({});
    save.reset();
  };
  const submit = () => {
    const outcome = checkedWebhook(values, settings);
    setErrors('errors' in outcome ? outcome.errors : {});
    if ('change' in outcome) save.mutate(outcome.change, { onSuccess: () => setEdited(null) });
  };
  const sendTest = () => {
    const url = values.url.trim();
    const problem = url === '' ? 'Enter the address to send alerts to.' : webhookUrlProblem(url);
    setErrors(problem === null ? {} : { url: problem });
    if (problem === null) test.mutate(url);
  };
  return (
    <Panel title="Webhook">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Switch
          label="Send alerts by webhook"
          description="A POST with JSON for each alert, tried again when it fails."
          checked={values.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        <TextInput
          label="Address"
          placeholder="https://example.com/hook"
          description="https, or http on this computer. It is shown on screen: no password in it."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          value={values.url}
          error={errors.url}
          onChange={(event) => change({ url: event.currentTarget.value })}
        />
        <PasswordInput
          label="Signing secret"
          description="Signs each delivery (HMAC-SHA256 of the body), so that its target can tell it is yours. At least 16 characters; never shown again."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          autoComplete="off"
          placeholder={
            hasWebhookSecret ? 'Stored; leave empty to keep it' : 'None: deliveries are not signed'
          }
          visibilityToggleFocusable
          visibilityToggleButtonProps={{ 'aria-label': 'Show the characters of the secret' }}
          disabled={values.clearsSecret}
          value={values.secret}
          error={errors.secret}
          onChange={(event) => change({ secret: event.currentTarget.value })}
        />
        {hasWebhookSecret && (
          <Checkbox
            size="xs"
            label="Remove the stored secret"
            checked={values.clearsSecret}
            onChange={(event) => change({ clearsSecret: event.currentTarget.checked, secret: '' })}
          />
        )}
        <Checkbox
          size="xs"
          label="Also tell that an alert is over"
          checked={values.sendResolved}
          onChange={(event) => change({ sendResolved: event.currentTarget.checked })}
        />
        {save.isError && <ErrorNote error={payloadOf(save.error)} />}
        <div className={classes.buttons}>
          <Button variant="default" loading={test.isPending} onClick={sendTest}>
            Send a test
          </Button>
          <span role="status" className={classes.dim}>
            {save.isSuccess && unchanged && 'Saved.'}
          </span>
          <span className={classes.spring} />
          <Button variant="default" disabled={unchanged} onClick={() => setEdited(null)}>
            Discard changes
          </Button>
          <Button type="submit" disabled={unchanged} loading={save.isPending}>
            Save
          </Button>
        </div>
      </form>
      {test.isError && <ErrorNote error={payloadOf(test.error)} />}
      <DeliveryOutcome view={view} tested={test.data ?? null} />
    </Panel>
  );
}

import type { AlertSettings, AlertSettingsView } from '#shared/contract/alerts.ts';
import { useAlertSettings } from '../../alerts/alert-queries.ts';
import { type BrowserPermission, useBrowserPermission } from '../../alerts/browser-notifications.ts';
import { payloadOf } from '../../data/errors.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { Panel } from '../../kit/panel.tsx';
import { type AlertPart, hashOfPlace } from '../../navigation/place.ts';
import classes from './app-settings.module.css';

const hashOfPart = (part: AlertPart): string => hashOfPlace({ screen: 'alerts', part, profileId: null });

function notificationWords({ settings, shownBy }: AlertSettingsView, permission: BrowserPermission): string {
  const { notifications, notifyFrom, sound } = settings;
  if (!notifications) return 'Off';
  const from = notifyFrom === 'critical' ? 'Of critical alerts only' : 'Of every alert';
  const words = sound ? `${from}, with sound` : from;
  return shownBy === 'page' && permission !== 'granted'
    ? `${words}; not shown yet, as the browser does not let this page`
    : words;
}

/** The host alone: the rest of such an address is often a secret. */
const webhookWords = ({ webhook }: AlertSettings): string =>
  webhook.enabled ? `To ${new URL(webhook.url).host}` : 'Off';

/** How alerts are told now, and the way to where that is set: whoever looks for it looks here first. */
export function AlertsSection() {
  const { data, error } = useAlertSettings();
  const permission = useBrowserPermission();
  return (
    <Panel title="Alerts">
      {data !== undefined && (
        <dl className={classes.facts}>
          <dt>Notifications</dt>
          <dd>{notificationWords(data, permission)}</dd>
          <dt>Webhook</dt>
          <dd>{webhookWords(data.settings)}</dd>
        </dl>
      )}
      {data === undefined && error !== null && <ErrorNote error={payloadOf(error)} />}
      <p className={classes.links}>
        <a href={hashOfPart('delivery')}>Notifications, sound and webhook</a>
        <a href={hashOfPart('rules')}>Alert rules</a>
      </p>
    </Panel>
  );
}

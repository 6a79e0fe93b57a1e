import { Button, SegmentedControl, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { AlertSettings, AlertSettingsView } from '#shared/contract/alerts.ts';
import type { AlertSeverity } from '#shared/model/alert-rule.ts';
import {
  askBrowser,
  type BrowserPermission,
  useBrowserPermission,
} from '../../../alerts/browser-notifications.ts';
import { playTone } from '../../../alerts/tone.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { Panel } from '../../../kit/panel.tsx';
import classes from './delivery.module.css';
import { useSaveAlertSettings } from './use-save-alert-settings.ts';

const permissionWords: Record<BrowserPermission, string> = {
  granted: '',
  default: 'This browser has not been asked yet whether Poolscope may show notifications.',
  denied:
    'This browser denies notifications to this page. Allow them in the settings of the site, beside the address, and come back.',
  impossible: 'This browser has no notifications for this page; the badge and the sound work all the same.',
};

/** Notifications, from which severity, with what sound, and the badge. Each takes effect at once. */
export function NotificationPanel({ view }: { view: AlertSettingsView }) {
  const save = useSaveAlertSettings();
  const permission = useBrowserPermission();
  const settings = save.isPending ? save.variables.settings : view.settings;
  const change = (part: Partial<AlertSettings>) =>
    save.mutate({ settings: { ...settings, ...part }, webhookSecret: { kind: 'keep' } });
  const isOfPage = view.shownBy === 'page';
  return (
    <Panel title="On this computer">
      <Switch
        label={isOfPage ? 'Notifications by the browser' : 'Desktop notifications'}
        description="The first alert is told within two seconds, later ones together, at most every half minute."
        checked={settings.notifications}
        onChange={(event) => {
          const notifications = event.currentTarget.checked;
          change({ notifications });
          if (notifications && isOfPage) void askBrowser();
        }}
      />
      {isOfPage && settings.notifications && permission !== 'granted' && (
        <div className={classes.hint} role="status">
          <p>{permissionWords[permission]}</p>
          {permission === 'default' && (
            <Button variant="default" size="compact-xs" onClick={() => void askBrowser()}>
              Ask the browser
            </Button>
          )}
        </div>
      )}
      <div className={classes.line}>
        <span id="notify-from">Told from</span>
        <SegmentedControl
          aria-labelledby="notify-from"
          disabled={!settings.notifications}
          data={[
            { value: 'warning', label: 'Warning' },
            { value: 'critical', label: 'Critical only' },
          ]}
          value={settings.notifyFrom}
          onChange={(value) => change({ notifyFrom: value as AlertSeverity })}
        />
      </div>
      <Switch
        label="Sound"
        description="Two short notes with each notification."
        disabled={!settings.notifications}
        checked={settings.sound}
        onChange={(event) => {
          const sound = event.currentTarget.checked;
          change({ sound });
          if (sound) void playTone().catch(() => {});
        }}
      />
      <Switch
        label={isOfPage ? 'Count in the title of the page' : 'Count on the icon of the app'}
        description="How many alerts are firing: neither acknowledged nor snoozed."
        checked={settings.badge}
        onChange={(event) => change({ badge: event.currentTarget.checked })}
      />
      <TestNotification permission={isOfPage ? permission : 'granted'} />
      {save.isError && <ErrorNote error={payloadOf(save.error)} />}
    </Panel>
  );
}

function TestNotification({ permission }: { permission: BrowserPermission }) {
  const test = useMutation({
    mutationFn: () => request('alerts.testNotification', {}),
    meta: { failure: 'The notification could not be sent' },
  });
  return (
    <div className={classes.line}>
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        Send a test
      </Button>
      <span role="status" className={classes.dim}>
        {test.isSuccess &&
          (permission === 'granted'
            ? 'Sent. If nothing shows, the system may hold notifications back: look for “Do not disturb”.'
            : 'Sent, and not shown: the browser does not let this page.')}
      </span>
    </div>
  );
}

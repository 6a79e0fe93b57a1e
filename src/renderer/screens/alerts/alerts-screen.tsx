import { Tabs, VisuallyHidden } from '@mantine/core';
import { countsInWords, openCount } from '../../alerts/alert-lists.ts';
import { useAlertCounts } from '../../alerts/alert-queries.ts';
import { useLinkLost } from '../../data/use-link.ts';
import { type AlertPart, go } from '../../navigation/place.ts';
import classes from './alerts-screen.module.css';
import { DeliverySettings } from './delivery/delivery-settings.tsx';
import { AlertHistory } from './history/alert-history.tsx';
import { OpenAlerts } from './open/open-alerts.tsx';
import { Rules } from './rules/rules.tsx';

/** What is wrong now, what was, which rules say so, and how it is told. */
export function AlertsScreen({ part, profileId }: { part: AlertPart; profileId: string | null }) {
  const counts = useAlertCounts();
  const linkLost = useLinkLost();
  const count = openCount(counts);
  const tabs: { value: AlertPart; label: string }[] = [
    { value: 'open', label: count === 0 ? 'Open' : `Open (${count})` },
    { value: 'history', label: 'History' },
    { value: 'rules', label: 'Rules' },
    { value: 'delivery', label: 'Delivery' },
  ];
  return (
    <Tabs
      className={classes.screen}
      value={part}
      onChange={(value) => go({ screen: 'alerts', part: value as AlertPart, profileId })}
      keepMounted={false}
    >
      <header className={classes.head}>
        <h1 className={classes.title}>Alerts</h1>
        <p className={classes.dim}>{linkLost ? 'As it last was' : countsInWords(counts)}</p>
      </header>
      <Tabs.List className={classes.tabs ?? ''} aria-label="Parts of the alerts">
        {tabs.map(({ value, label }) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel className={classes.panel ?? ''} value="open">
        <VisuallyHidden component="h2">Open alerts</VisuallyHidden>
        <OpenAlerts profileId={profileId} />
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="history">
        <VisuallyHidden component="h2">Alerts that are over</VisuallyHidden>
        <AlertHistory profileId={profileId} />
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="rules">
        <VisuallyHidden component="h2">Rules</VisuallyHidden>
        <Rules />
      </Tabs.Panel>
      <Tabs.Panel className={classes.panel ?? ''} value="delivery">
        <DeliverySettings />
      </Tabs.Panel>
    </Tabs>
  );
}

import { ActionIcon, Button, Kbd, Tooltip } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { Keyboard, Menu, Search } from 'lucide-react';
import { useAlertCounts } from '../alerts/alert-queries.ts';
import { AlertMark } from '../alerts/severity-badge.tsx';
import { hashOfPlace, type Place } from '../navigation/place.ts';
import { modKey } from './mod-key.ts';
import { QueryWatch } from './query-watch.tsx';
import classes from './top-bar.module.css';

interface Props {
  place: Place;
  /** Set when the fleet is behind a button. */
  onOpenFleet: (() => void) | null;
  onHelp: () => void;
}

export function TopBar({ place, onOpenFleet, onHelp }: Props) {
  return (
    <header className={classes.bar}>
      {onOpenFleet !== null && (
        <ActionIcon aria-label="Open the list of connections" onClick={onOpenFleet}>
          <Menu size={18} aria-hidden />
        </ActionIcon>
      )}
      <a className={classes.brand} href={hashOfPlace({ screen: 'overview' })}>
        <svg className={classes.mark} viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <circle cx="12" cy="12" r="10" />
          <path d="M3 13h4.5l2.5-7 4 12 2.5-5H21" />
        </svg>
        Poolscope
      </a>
      <QueryWatch place={place} />
      {onOpenFleet !== null && <AlertsLink />}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Search size={14} aria-hidden />}
        rightSection={
          <Kbd size="xs" className={classes.keys ?? ''} aria-hidden>
            {modKey} K
          </Kbd>
        }
        onClick={spotlight.open}
      >
        Commands
      </Button>
      <Tooltip label="Keyboard shortcuts (?)">
        <ActionIcon aria-label="Keyboard shortcuts" onClick={onHelp}>
          <Keyboard size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

/** Where the fleet is behind a button, and with it the entry of the alerts. */
function AlertsLink() {
  const counts = useAlertCounts();
  if (counts.critical + counts.warning === 0) return null;
  return (
    <a className={classes.alerts} href={hashOfPlace({ screen: 'alerts', part: 'open', profileId: null })}>
      <AlertMark counts={counts} />
    </a>
  );
}

import { Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { OpenBundleDialog } from '../bundles/open-bundle-dialog.tsx';
import { showNotice } from '../data/notices.ts';
import { useAppInfo, useProfiles } from '../data/queries.ts';
import { useEngineEvents } from '../data/use-engine-events.ts';
import { focusMain } from '../navigation/focus-main.ts';
import { goToConnection, usePlace } from '../navigation/place.ts';
import { ExportConnectionsDialog } from '../transfer/export-connections-dialog.tsx';
import { ImportDialog } from '../transfer/import-dialog.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Fleet } from './fleet.tsx';
import classes from './frame.module.css';
import { LinkBanner } from './link-banner.tsx';
import { PauseBanner } from './pause-banner.tsx';
import { Screen } from './screen.tsx';
import { ShortcutsHelp } from './shortcuts-help.tsx';
import { StatusLine } from './status-line.tsx';
import { TopBar } from './top-bar.tsx';
import { useGlobalKeys } from './use-global-keys.ts';

/** Fleet on the left, the chosen screen in the centre, the status line below. */
export function Frame() {
  useEngineEvents();
  const info = useAppInfo();
  const profiles = useProfiles();
  const place = usePlace();
  const narrow = useMediaQuery('(max-width: 860px)', undefined, { getInitialValueInEffect: false });
  const [drawerOpen, drawer] = useDisclosure(false);
  const [helpOpen, help] = useDisclosure(false);
  useGlobalKeys(help.toggle);

  useEffect(() => {
    for (const notice of info.data?.notices ?? []) showNotice(notice);
  }, [info.data]);

  useEffect(() => {
    const profile = profiles.data?.find(
      ({ profileId }) => place.screen === 'connection' && profileId === place.profileId,
    );
    document.title = profile === undefined ? 'Poolscope' : `${profile.name} · Poolscope`;
  }, [place, profiles.data]);

  // Whoever has but one connection came to see it. An address that names a place is kept.
  const onlyProfileId = profiles.data?.length === 1 ? profiles.data[0]?.profileId : undefined;
  const landed = useRef(window.location.hash !== '');
  useEffect(() => {
    if (landed.current || profiles.data === undefined) return;
    landed.current = true;
    if (onlyProfileId !== undefined) goToConnection(onlyProfileId);
  }, [profiles.data, onlyProfileId]);

  const placeBefore = useRef(place);
  useEffect(() => {
    if (placeBefore.current === place) return;
    placeBefore.current = place;
    // What had the focus is gone with the screen before; go on from the top of the new one.
    if (document.activeElement === document.body) focusMain();
  }, [place]);

  const hasFleet = (profiles.data?.length ?? 0) > 0;
  return (
    <div className={classes.frame} data-fleet={(hasFleet && !narrow) || undefined}>
      <button type="button" className={classes.skip} onClick={focusMain}>
        Skip to the content
      </button>
      <TopBar place={place} onOpenFleet={hasFleet && narrow ? drawer.open : null} onHelp={help.open} />
      <LinkBanner />
      <PauseBanner />
      {hasFleet && !narrow && (
        <aside className={classes.fleet}>
          <Fleet place={place} />
        </aside>
      )}
      <main className={classes.main} id="main" tabIndex={-1}>
        <Screen place={place} />
      </main>
      <StatusLine />
      <Drawer
        opened={drawerOpen && narrow}
        onClose={drawer.close}
        title="Connections"
        attributes={{ header: { role: 'presentation' } }}
        size={280}
        padding={0}
        closeButtonProps={{ 'aria-label': 'Close the list of connections' }}
        classNames={{ header: classes.drawerHeader ?? '', body: classes.drawerBody ?? '' }}
      >
        <Fleet place={place} onChosen={drawer.close} />
      </Drawer>
      <ShortcutsHelp opened={helpOpen} onClose={help.close} />
      <CommandPalette onHelp={help.open} />
      <OpenBundleDialog />
      <ImportDialog />
      <ExportConnectionsDialog />
    </div>
  );
}

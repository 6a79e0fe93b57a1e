import { Button, Select } from '@mantine/core';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import type { OpenBundle } from '#shared/contract/history-bundle.ts';
import { bundleOpener, closeBundle, useOpenBundles } from '../../bundles/open-bundles.ts';
import { formatCount, formatDuration } from '../../charts/formats.ts';
import { EmptyState } from '../../kit/empty-state.tsx';
import { exactTime } from '../../kit/time-words.ts';
import { formatSpanWithZone, formatStampWithZone } from '../../time/clock.ts';
import { useZone } from '../../time/use-zone.ts';
import { ZoneSwitch } from '../../time/zone-switch.tsx';
import { BundleCharts } from './bundle-charts.tsx';
import { BundleEvents } from './bundle-events.tsx';
import classes from './bundle-screen.module.css';
import { BundleSettings } from './bundle-settings.tsx';

/** An incident bundle, to look at and nothing else. */
export function BundleScreen({ bundleId }: { bundleId: string }) {
  const bundle = useOpenBundles().find((other) => other.bundleId === bundleId);
  if (bundle !== undefined) return <Bundle bundle={bundle} />;
  return (
    <EmptyState level={1} title="This bundle is not open">
      <p>A bundle stays open until it is closed or the window is loaded again.</p>
      <Button onClick={() => void bundleOpener.start()}>Open an incident bundle…</Button>
    </EmptyState>
  );
}

function Bundle({ bundle }: { bundle: OpenBundle }) {
  const [chosen, setChosen] = useState(bundle.profiles[0]?.profileId);
  const profile = bundle.profiles.find(({ profileId }) => profileId === chosen);
  return (
    <article className={classes.page} aria-labelledby="bundle-title">
      <div className={classes.banner}>
        <Lock size={14} aria-hidden />
        <strong>Read-only bundle</strong>
        <span className={classes.bannerNote}>Nothing here is live, and nothing is changed.</span>
        <Button variant="default" onClick={() => closeBundle(bundle.bundleId)}>
          Close the bundle
        </Button>
      </div>
      <header>
        <h1 id="bundle-title" className={classes.title}>
          <bdi>{bundle.fileName}</bdi>
        </h1>
        <Facts bundle={bundle} />
      </header>
      {profile === undefined ? (
        <p>This bundle holds no connection.</p>
      ) : (
        <>
          <div className={classes.controls}>
            <Select
              className={classes.choice ?? ''}
              label={
                bundle.profiles.length === 1
                  ? 'Connection'
                  : `Connection (${bundle.profiles.length} in the bundle)`
              }
              allowDeselect={false}
              data={bundle.profiles.map(({ profileId, name }) => ({ value: profileId, label: name }))}
              value={profile.profileId}
              onChange={(value) => setChosen(value ?? profile.profileId)}
            />
            <ZoneSwitch />
          </div>
          <BundleCharts key={profile.profileId} bundle={bundle} profile={profile} />
          <div className={classes.columns}>
            <BundleEvents bundle={bundle} profile={profile} />
            <BundleSettings profile={profile} />
          </div>
        </>
      )}
    </article>
  );
}

function Facts({ bundle }: { bundle: OpenBundle }) {
  const zone = useZone();
  const { fromMs, toMs, writtenBy, writtenAtMs, samples, events } = bundle;
  const facts = [
    [
      'Range',
      `${formatSpanWithZone(fromMs, toMs, zone)} (${formatDuration(toMs - fromMs)})`,
      formatSpanWithZone(fromMs, toMs, 'utc'),
    ],
    ['Holds', `${formatCount(samples)} samples, ${formatCount(events)} events`],
    ['Written by', `Poolscope ${writtenBy}`],
    ['Written', exactTime(writtenAtMs, zone), formatStampWithZone(writtenAtMs, 'utc')],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value, title]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={title}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

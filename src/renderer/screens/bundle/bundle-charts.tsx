import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BundledProfile, OpenBundle } from '#shared/contract/history-bundle.ts';
import { request } from '../../bridge/client.ts';
import { StaticSeries } from '../../bundles/static-series.ts';
import { Crosshair } from '../../charts/crosshair.ts';
import { formatDuration } from '../../charts/formats.ts';
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx';
import { payloadOf } from '../../data/errors.ts';
import { ChartMenu } from '../../exports/chart-menu.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { liveCharts } from '../connection/live/chart-definitions.ts';
import classes from './bundle-screen.module.css';
import { bundledSubject } from './bundled-subject.ts';

interface Props {
  bundle: OpenBundle;
  profile: BundledProfile;
}

/** The charts of the Live tab over the whole range of a bundle. */
export function BundleCharts({ bundle, profile }: Props) {
  const { bundleId, fromMs, toMs } = bundle;
  const { profileId } = profile;
  const range = useQuery({
    queryKey: ['bundle.range', bundleId, profileId],
    queryFn: ({ signal }) =>
      StaticSeries.read(
        { profileId, bundleId, fromMs, toMs },
        (input, signal) => request('history.range', input, { signal }),
        signal,
      ),
    // Class instances cannot be compared part by part.
    structuralSharing: false,
  });
  if (range.isError) {
    return (
      <ErrorNote error={payloadOf(range.error)}>
        <Button variant="default" loading={range.isFetching} onClick={() => void range.refetch()}>
          Try again
        </Button>
      </ErrorNote>
    );
  }
  if (range.data === undefined) {
    return (
      <p role="status" className={classes.loading}>
        Reading the bundle’s samples…
      </p>
    );
  }
  return <Charts series={range.data} bundle={bundle} profile={profile} />;
}

function Charts({ series, bundle, profile }: Props & { series: StaticSeries }) {
  const [crosshair] = useState(() => new Crosshair());
  const [definitions] = useState(() => {
    const { bucketMs } = series.view();
    const bucket = bucketMs === 1000 ? 'second' : formatDuration(bucketMs);
    return liveCharts.map((chart) => ({ ...chart, unit: chart.unit.replace('{bucket}', bucket) }));
  });
  const findSubject = async () => bundledSubject(bundle, profile);
  return (
    <div className={classes.charts}>
      {definitions.map(({ wide, ...definition }) => (
        <div key={definition.title} className={wide ? classes.wide : undefined}>
          <TimeSeriesChart
            {...definition}
            source={series}
            crosshair={crosshair}
            phase={0}
            emptyText="No samples in this range"
            actions={<ChartMenu definition={definition} source={series} findSubject={findSubject} />}
          />
        </div>
      ))}
    </div>
  );
}

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { BundledProfile, OpenBundle } from '#shared/contract/history-bundle.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { request } from '../../bridge/client.ts';
import { back, shownSpan, stepped, wholeRange, zoomedOut, zoomedTo } from '../../bundles/bundle-ranges.ts';
import { StaticSeries } from '../../bundles/static-series.ts';
import type { ChartCommands } from '../../charts/commands.ts';
import { Crosshair } from '../../charts/crosshair.ts';
import { formatDuration } from '../../charts/formats.ts';
import type { ShownChart } from '../../charts/shown-chart.ts';
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx';
import { payloadOf } from '../../data/errors.ts';
import { ChartMenu } from '../../exports/chart-menu.tsx';
import { ErrorNote } from '../../kit/error-note.tsx';
import { useBackKey } from '../../kit/use-back-key.ts';
import { formatSpanWithZone } from '../../time/clock.ts';
import { useZone } from '../../time/use-zone.ts';
import { chartsFor } from '../connection/live/chart-definitions.ts';
import classes from './bundle-screen.module.css';
import { bundledLimits, bundledSubject } from './bundled-subject.ts';
import { useBundleEvents } from './use-bundle-events.ts';

interface Props {
  bundle: OpenBundle;
  profile: BundledProfile;
}

const noEvents: readonly HistoryEvent[] = [];

/** The charts of the Live tab over a bundle's range, or the part of it that was zoomed to. */
export function BundleCharts({ bundle, profile }: Props) {
  const { bundleId } = bundle;
  const { profileId } = profile;
  const zone = useZone();
  const area = useRef<HTMLDivElement>(null);
  const [crosshair] = useState(() => new Crosshair());
  const [ranges, setRanges] = useState(() => wholeRange({ fromMs: bundle.fromMs, toMs: bundle.toMs }));
  const { fromMs, toMs } = shownSpan(ranges);
  const zoomed = ranges.stack.past.length > 0;
  const range = useQuery({
    queryKey: ['bundle.range', bundleId, profileId, fromMs, toMs],
    queryFn: ({ signal }) =>
      StaticSeries.read(
        { profileId, bundleId, fromMs, toMs },
        (input, signal) => request('history.range', input, { signal }),
        signal,
      ),
    // The charts stay while another part is read.
    placeholderData: (before) => before,
    // Class instances cannot be compared part by part.
    structuralSharing: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read in one range says nothing of another
  useEffect(() => crosshair.clear(), [crosshair, ranges]);
  const commands = useMemo<ChartCommands>(
    () => ({
      zoomTo: (span) => setRanges((before) => zoomedTo(before, span)),
      back: () => {
        setRanges(back);
        return zoomed;
      },
      step: (direction) => setRanges((before) => stepped(before, direction)),
      zoomOut: () => setRanges(zoomedOut),
      // The nearest to live that a bundle has.
      goLive: () => setRanges(({ whole }) => wholeRange(whole)),
      // A bundle is read-only.
      addNote: null,
    }),
    [zoomed],
  );
  const goBack = useCallback(() => {
    if (crosshair.selection === null && crosshair.pinnedMs === null) return commands.back();
    crosshair.clear();
    return true;
  }, [crosshair, commands]);
  useBackKey(area, goBack);
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
  return (
    <div ref={area} className={classes.area}>
      <p className={classes.zoom}>
        {zoomed ? (
          <>
            <Button variant="default" onClick={commands.goLive}>
              Show the whole range
            </Button>
            <span>
              {formatSpanWithZone(fromMs, toMs, zone)} ({formatDuration(toMs - fromMs)})
            </span>
          </>
        ) : (
          'Drag over a chart to zoom in, double-click to go back.'
        )}
      </p>
      <Charts
        series={range.data}
        bundle={bundle}
        profile={profile}
        commands={commands}
        crosshair={crosshair}
      />
    </div>
  );
}

interface ChartsProps extends Props {
  series: StaticSeries;
  commands: ChartCommands;
  crosshair: Crosshair;
}

function Charts({ series, bundle, profile, commands, crosshair }: ChartsProps) {
  const zone = useZone();
  const events = useBundleEvents(bundle, profile).data ?? noEvents;
  const charts = useMemo(() => chartsFor(series.view().bucketMs, bundledLimits(profile)), [series, profile]);
  const findSubject = async () => bundledSubject(bundle, profile);
  return (
    <div className={classes.charts}>
      {charts.map(({ wide, ...chart }, i) => (
        <div key={chart.title} className={wide ? classes.wide : undefined}>
          <TimeSeriesChart
            {...chart}
            source={series}
            overlay={null}
            events={events}
            crosshair={crosshair}
            commands={commands}
            zone={zone}
            phase={0}
            showsZone={i === 0}
            emptyText="No samples in this range"
            actions={(shown: () => ShownChart) => (
              <ChartMenu chart={chart} shown={shown} findSubject={findSubject} />
            )}
          />
        </div>
      ))}
    </div>
  );
}

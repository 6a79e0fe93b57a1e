import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRuleLines } from '../../../alerts/use-rule-lines.ts';
import { Crosshair } from '../../../charts/crosshair.ts';
import { stillOf } from '../../../charts/shown-chart.ts';
import { payloadOf } from '../../../data/errors.ts';
import { useProfiles } from '../../../data/queries.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { useBackKey } from '../../../kit/use-back-key.ts';
import { pauses } from '../../../live/latest-samples.ts';
import { useHistoryEvents, useHistoryEventsState } from '../../../live/use-overlays.ts';
import { usePoolSeries, usePoolSeriesStatus } from '../../../live/use-pool-series.ts';
import { rangeStore, useRangeState } from '../../../ranges/range-store.ts';
import { useZone } from '../../../time/use-zone.ts';
import { HealthPanel } from '../health/health-panel.tsx';
import { limitsOf } from './chart-definitions.ts';
import { emptyText } from './empty-text.ts';
import { EventList } from './event-list.tsx';
import { EmptyTextContext, LiveCharts } from './live-charts.tsx';
import classes from './live-tab.module.css';
import { LiveToolbar } from './live-toolbar.tsx';
import { MachineSection } from './machine-section.tsx';
import { NoteForm } from './note-form.tsx';
import { type NoteSpan, noteSpan } from './note-span.ts';
import { StatTiles } from './stat-tiles.tsx';
import { useOverlay } from './use-overlay.ts';
import { useSpaceKey } from './use-space-key.ts';

/** What one pool does and did: figures of now, and charts over a range with what happened in it. */
export function LiveTab({ profileId }: { profileId: string }) {
  const { current: range } = useRangeState();
  const zone = useZone();
  const series = usePoolSeries(profileId, range);
  const { pausedAtMs, loading, error } = usePoolSeriesStatus(series);
  const paused = pausedAtMs !== null;
  // The frame says so at length, and what was missed is asked for by itself.
  const unreachable = useLinkLost();
  const store = useHistoryEvents(profileId, series);
  const { events, error: eventsError } = useHistoryEventsState(store);
  const overlay = useOverlay(profileId, series, zone);
  const profile = useProfiles().data?.find((other) => other.profileId === profileId);
  const limits = useMemo(() => limitsOf(profile), [profile]);
  const rules = useRuleLines(profileId, 'live');
  const [crosshair] = useState(() => new Crosshair());
  const [note, setNote] = useState<NoteSpan | null>(null);
  const area = useRef<HTMLDivElement>(null);
  const charts = useRef<HTMLDivElement>(null);

  const togglePause = useCallback(() => (paused ? series?.resume() : series?.pause()), [series, paused]);
  useSpaceKey(area, togglePause);
  const back = useCallback(() => {
    if (crosshair.selection === null && crosshair.pinnedMs === null) return rangeStore.back();
    crosshair.clear();
    return true;
  }, [crosshair]);
  useBackKey(area, back);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read in one range says nothing of another
  useEffect(() => crosshair.clear(), [crosshair, range]);

  const addNote = useCallback(() => {
    if (series !== null) setNote(noteSpan(crosshair, series.view()));
  }, [series, crosshair]);
  // Whoever asks for live does not mean the moment some pause began.
  const goLive = useCallback(() => {
    pauses.delete(profileId);
    series?.resume();
    rangeStore.goLive();
  }, [profileId, series]);
  const commands = useMemo(
    () => ({
      zoomTo: rangeStore.zoomTo.bind(rangeStore),
      back: rangeStore.back.bind(rangeStore),
      step: rangeStore.step.bind(rangeStore),
      zoomOut: rangeStore.zoomOut.bind(rangeStore),
      goLive,
      addNote,
    }),
    [addNote, goLive],
  );
  const shown = useCallback(
    () =>
      series && {
        view: stillOf(series.view()),
        overlay: overlay && { ...overlay, view: stillOf(overlay.source.view()) },
        zone,
      },
    [series, overlay, zone],
  );
  const showMoment = useCallback(
    (atMs: number) => {
      if (series === null) return;
      const { fromMs, toMs, bucketMs } = series.view();
      const shownMs = Math.min(toMs - 1, Math.max(fromMs + bucketMs, atMs));
      crosshair.pin(Math.floor(shownMs / bucketMs) * bucketMs);
      charts.current?.scrollIntoView({ block: 'nearest' });
    },
    [series, crosshair],
  );

  return (
    <div ref={area} className={classes.area}>
      <LiveToolbar
        profileId={profileId}
        series={series}
        pausedAtMs={pausedAtMs}
        unreachable={unreachable}
        shown={shown}
        onTogglePause={togglePause}
        onGoLive={goLive}
      />
      <StatTiles profileId={profileId} paused={paused} />
      {error !== null && !unreachable && (
        <ErrorNote error={payloadOf(error)}>
          <p>
            {range.kind === 'live'
              ? 'Earlier samples could not be read; the charts start with the live ones.'
              : 'The samples of this range could not be read.'}
          </p>
          <Button variant="default" onClick={() => void series?.load()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {series !== null && (
        <div ref={charts} className={classes.chartsArea} aria-busy={loading}>
          {loading && <div className={classes.progress} />}
          <EmptyTextContext
            value={emptyText({ range, loading, paused, unreachable, failed: error !== null })}
          >
            <LiveCharts
              profileId={profileId}
              source={series}
              overlay={overlay}
              limits={limits}
              rules={rules}
              bucketMs={series.view().bucketMs}
              zone={zone}
              events={events}
              crosshair={crosshair}
              commands={commands}
            />
          </EmptyTextContext>
        </div>
      )}
      <HealthPanel profileId={profileId} range={range} onShow={showMoment} />
      {series !== null && (
        <MachineSection
          profileId={profileId}
          range={series.range}
          pausedAtMs={pausedAtMs}
          events={events}
          crosshair={crosshair}
          commands={commands}
          zone={zone}
        />
      )}
      {store !== null && (
        <EventList
          store={store}
          events={events}
          error={eventsError}
          zone={zone}
          onShow={showMoment}
          onAddNote={addNote}
        />
      )}
      {store !== null && note !== null && (
        <NoteForm profileId={profileId} span={note} zone={zone} store={store} onClose={() => setNote(null)} />
      )}
    </div>
  );
}

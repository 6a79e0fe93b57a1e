import { Button } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { ChartCommands } from '../../../charts/commands.ts';
import type { Crosshair } from '../../../charts/crosshair.ts';
import type { Slot } from '../../../charts/series.ts';
import type { ShownChart } from '../../../charts/shown-chart.ts';
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx';
import { payloadOf } from '../../../data/errors.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { PictureMenu } from '../../../exports/chart-menu.tsx';
import { savedSubject } from '../../../exports/subject.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { useMachineSeries } from '../../../live/machine/use-machine-series.ts';
import type { Range } from '../../../ranges/range.ts';
import type { Zone } from '../../../time/zone.ts';
import classes from './live-tab.module.css';
import { machineCharts } from './machine-chart-definitions.ts';
import { rememberMachineOpen, wasMachineOpen } from './machine-open.ts';

interface Props {
  profileId: string;
  range: Range;
  /** While the pool's charts stand still. */
  pausedAtMs: number | null;
  events: readonly HistoryEvent[];
  crosshair: Crosshair;
  commands: ChartCommands;
  zone: Zone;
}

/** The machine beside the pool: one range, one crosshair. Closed it costs nothing. */
export function MachineSection(props: Props) {
  const [open, setOpen] = useState(wasMachineOpen);
  const id = useId();
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <section className={classes.machine} aria-label="This machine">
      <Button
        className={classes.machineHead ?? ''}
        variant="subtle"
        size="compact-sm"
        leftSection={<Icon size={14} aria-hidden />}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => {
          rememberMachineOpen(!open);
          setOpen(!open);
        }}
      >
        This machine: processors, memory, disks, network
      </Button>
      <div id={id}>{open && <MachineCharts {...props} />}</div>
    </section>
  );
}

function MachineCharts({ profileId, range, pausedAtMs, ...shared }: Props) {
  const { series, loading, error, reload } = useMachineSeries(range, pausedAtMs);
  const unreachable = useLinkLost();
  if (series === null) return null;
  return (
    <>
      {error !== null && !unreachable && (
        <ErrorNote error={payloadOf(error)}>
          <Button variant="default" onClick={reload}>
            Try again
          </Button>
        </ErrorNote>
      )}
      <div className={classes.charts} aria-busy={loading}>
        {machineCharts.map((chart, i) => (
          <div key={chart.title}>
            <TimeSeriesChart
              {...chart}
              {...shared}
              source={series}
              overlay={null}
              thresholds={noThresholds}
              phase={i / machineCharts.length}
              emptyText={
                loading ? 'Reading…' : 'No samples: Poolscope did not run then, or the system does not tell'
              }
              actions={(shown: () => ShownChart<Slot>) => (
                <PictureMenu chart={chart} shown={shown} findSubject={() => savedSubject(profileId)} />
              )}
            />
          </div>
        ))}
      </div>
    </>
  );
}

const noThresholds: never[] = [];

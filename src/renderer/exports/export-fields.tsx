import { Checkbox, Radio, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { formatSpanWithZone } from '../time/clock.ts';
import { MomentInput, zoneName } from '../time/moment-input.tsx';
import classes from './export-dialog.module.css';
import {
  type ExportContext,
  type ExportErrors,
  type ExportValues,
  type FileFormat,
  picked,
  spanOf,
  typed,
} from './export-values.ts';

interface FieldProps {
  values: ExportValues;
  errors: ExportErrors;
  /** An export is under way; nothing can be changed. */
  busy: boolean;
  change(part: Partial<ExportValues>): void;
}

function Group({ title, busy, children }: { title: string; busy: boolean; children: ReactNode }) {
  return (
    <fieldset className={classes.group} disabled={busy}>
      <legend className={classes.legend}>{title}</legend>
      {children}
    </fieldset>
  );
}

interface ConnectionsProps extends FieldProps {
  profiles: readonly ProfileView[];
  thisId: string | null;
}

export function ConnectionsField({ values, errors, busy, change, profiles, thisId }: ConnectionsProps) {
  const { connections, several } = values;
  const thisName = profiles.find(({ profileId }) => profileId === thisId)?.name;
  const toggle = (id: string, on: boolean) =>
    change({ several: on ? [...several, id] : several.filter((other) => other !== id) });
  return (
    <Group title="Connections" busy={busy}>
      <SegmentedControl
        aria-label="Connections"
        disabled={busy}
        data={[
          ...(thisId === null ? [] : [{ value: 'this', label: 'This one' }]),
          { value: 'several', label: 'Several' },
          { value: 'all', label: `All ${profiles.length}` },
        ]}
        value={connections}
        onChange={(value) => change({ connections: value as ExportValues['connections'] })}
      />
      {connections === 'this' && thisName !== undefined && (
        <p className={classes.hint}>
          <bdi>{thisName}</bdi>
        </p>
      )}
      {connections === 'several' && (
        <ul className={classes.several} aria-label="Connections to export">
          {profiles.map(({ profileId, name }) => (
            <li key={profileId}>
              <Checkbox
                size="xs"
                label={<bdi>{name}</bdi>}
                checked={several.includes(profileId)}
                onChange={(event) => toggle(profileId, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      )}
      {errors.connections !== undefined && (
        <p className={classes.error} role="alert">
          {errors.connections}
        </p>
      )}
    </Group>
  );
}

export function RangeField(props: FieldProps & { context: ExportContext }) {
  const { values, errors, busy, change, context } = props;
  const { range, text, from, to } = values;
  const { zone, shown } = context;
  const span = spanOf(values, context);
  return (
    <Group title="Range" busy={busy}>
      <SegmentedControl
        aria-label="Range"
        disabled={busy}
        data={[
          ...(shown === null ? [] : [{ value: 'shown', label: 'The range shown' }]),
          { value: 'typed', label: 'Another' },
        ]}
        value={range}
        onChange={(value) => change({ range: value as ExportValues['range'] })}
      />
      {range === 'typed' && (
        <div className={classes.range}>
          <TextInput
            className={classes.words ?? ''}
            label={`In words (${zoneName(zone)})`}
            placeholder="13h, yesterday 9:00 to 10:30, since monday 8:00"
            spellCheck={false}
            autoComplete="off"
            value={text}
            error={errors.range}
            onChange={(event) => change(typed(event.currentTarget.value, context))}
          />
          <MomentInput
            label="From"
            zone={zone}
            value={from}
            onChange={(next) => change(picked({ from: next, to }, zone))}
          />
          <MomentInput
            label="To"
            zone={zone}
            value={to}
            onChange={(next) => change(picked({ from, to: next }, zone))}
          />
        </div>
      )}
      <p className={classes.hint}>
        {'problem' in span ? 'No range yet' : formatSpanWithZone(span.fromMs, span.toMs, zone)}
      </p>
    </Group>
  );
}

const formats: { value: FileFormat; label: string; description: string }[] = [
  { value: 'csv', label: 'CSV', description: 'For spreadsheets: UTC times, units in the headers' },
  { value: 'jsonl', label: 'JSON Lines', description: 'For scripts: one object per line' },
  { value: 'parquet', label: 'Parquet', description: 'For DuckDB, pandas, Spark: small and typed' },
  {
    value: 'bundle',
    label: 'Incident bundle',
    description: 'For another Poolscope: samples, events and settings without passwords, in one file',
  },
];

export function FormatField({ values, busy, change }: FieldProps) {
  return (
    <Group title="Format" busy={busy}>
      <Radio.Group
        aria-label="Format"
        value={values.format}
        onChange={(value) => change({ format: value as FileFormat })}
      >
        <div className={classes.formats}>
          {formats.map((format) => (
            <Radio key={format.value} size="xs" disabled={busy} {...format} />
          ))}
        </div>
      </Radio.Group>
    </Group>
  );
}

const lengths = [
  [10, '10 seconds'],
  [30, '30 seconds'],
  [300, '5 minutes'],
  [900, '15 minutes'],
  [3600, '1 hour'],
  [86_400, '1 day'],
] as const;

export function ResolutionField({
  values,
  busy,
  change,
  rawDays,
}: FieldProps & { rawDays: number | undefined }) {
  const { format, resolution, bucketMs } = values;
  const bundle = format === 'bundle';
  const off = busy || bundle;
  const seconds =
    rawDays === undefined
      ? 'A row for each sample.'
      : `A row for each sample; seconds are kept for ${rawDays === 1 ? 'a day' : `${rawDays} days`}.`;
  const hints = {
    raw: seconds,
    rollup: 'A row for each minute: lowest, highest and latest values, percentiles of the whole minute.',
    bucketed: 'A row for each bucket, folded as the charts fold them.',
  };
  return (
    <Group title="Resolution" busy={off}>
      <div className={classes.resolution}>
        <SegmentedControl
          aria-label="Resolution"
          disabled={off}
          data={[
            { value: 'raw', label: 'Seconds' },
            { value: 'rollup', label: 'Minutes' },
            { value: 'bucketed', label: 'Buckets' },
          ]}
          value={bundle ? 'raw' : resolution}
          onChange={(value) => change({ resolution: value as ExportValues['resolution'] })}
        />
        <Select
          aria-label="Length of a bucket"
          className={classes.length ?? ''}
          disabled={off || resolution !== 'bucketed'}
          allowDeselect={false}
          data={lengths.map(([length, label]) => ({ value: String(length * 1000), label }))}
          value={String(bucketMs)}
          onChange={(value) => change({ bucketMs: Number(value) })}
        />
      </div>
      <p className={classes.hint}>{bundle ? 'A bundle holds every sample.' : hints[resolution]}</p>
    </Group>
  );
}

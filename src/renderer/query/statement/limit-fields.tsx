import { Select } from '@mantine/core';
import { formatCount, formatDuration } from '../../charts/formats.ts';
import classes from './statement.module.css';

const second = 1000;
const minute = 60 * second;
const timeouts = [
  second,
  5 * second,
  30 * second,
  minute,
  5 * minute,
  30 * minute,
  60 * minute,
  1440 * minute,
];
const limits = [100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];

interface Props {
  timeoutMs: number;
  rowLimit: number | null;
  onChange(change: { timeoutMs?: number; rowLimit?: number | null }): void;
}

const withOwn = (choices: number[], own: number) =>
  choices.includes(own) ? choices : [...choices, own].sort((a, b) => a - b);

/** How long the server may work, and how many rows to read. */
export function LimitFields({ timeoutMs, rowLimit, onChange }: Props) {
  return (
    <>
      <Select
        className={classes.limit}
        aria-label="Time limit"
        title="The longest the server may work on a statement"
        comboboxProps={{ width: 'max-content' }}
        allowDeselect={false}
        data={withOwn(timeouts, timeoutMs).map((ms) => ({
          value: String(ms),
          label: formatDuration(ms),
        }))}
        value={String(timeoutMs)}
        onChange={(value) => value !== null && onChange({ timeoutMs: Number(value) })}
      />
      <Select
        className={classes.rowLimit}
        aria-label="Row limit"
        title="Reading stops there"
        comboboxProps={{ width: 'max-content' }}
        allowDeselect={false}
        data={[
          ...withOwn(limits, rowLimit ?? limits[0] ?? 1).map((rows) => ({
            value: String(rows),
            label: `${formatCount(rows)} rows`,
          })),
          { value: 'all', label: 'All rows' },
        ]}
        value={rowLimit === null ? 'all' : String(rowLimit)}
        onChange={(value) => value !== null && onChange({ rowLimit: value === 'all' ? null : Number(value) })}
      />
    </>
  );
}

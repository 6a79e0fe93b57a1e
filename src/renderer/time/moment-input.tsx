import { TextInput } from '@mantine/core';
import type { Zone } from './zone.ts';

interface Props {
  /** "From" or "To". */
  label: string;
  zone: Zone;
  /** As `toPickerValue` writes it; empty while it is incomplete. */
  value: string;
  /** The latest moment on offer. */
  max?: string;
  invalid?: boolean;
  onChange(value: string): void;
}

/** What a zone is called in the label of a field. */
export const zoneName = (zone: Zone): string => (zone === 'utc' ? 'UTC' : 'local time');

/** A day and a time to the second, in the zone the label names. */
export function MomentInput({ label, zone, value, max, invalid = false, onChange }: Props) {
  return (
    <TextInput
      type="datetime-local"
      step={1}
      label={`${label} (${zoneName(zone)})`}
      value={value}
      max={max}
      aria-invalid={invalid}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

import { SegmentedControl } from '@mantine/core';
import { setZone, useZone } from './use-zone.ts';
import type { Zone } from './zone.ts';

const zones = [
  { value: 'local', label: 'Local' },
  { value: 'utc', label: 'UTC' },
];

/** Whose clock the whole app goes by. */
export function ZoneSwitch() {
  return (
    <SegmentedControl
      aria-label="Time zone"
      data={zones}
      value={useZone()}
      onChange={(value) => setZone(value as Zone)}
    />
  );
}

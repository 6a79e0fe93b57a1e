import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { AlertSeverity } from '#shared/model/alert-rule.ts';
import { useProfiles } from '../../data/queries.ts';
import { type AlertPart, go } from '../../navigation/place.ts';

interface Props {
  part: AlertPart;
  profileId: string | null;
  severity: AlertSeverity | null;
  onSeverity(severity: AlertSeverity | null): void;
}

/** Which alerts are listed: of which connection, and how bad. The connection is part of the address. */
export function AlertFilters({ part, profileId, severity, onSeverity }: Props) {
  const profiles = useProfiles().data ?? [];
  const isKnown = profileId === null || profiles.some((profile) => profile.profileId === profileId);
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="Connection"
        value={profileId ?? ''}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          go({ screen: 'alerts', part, profileId: chosen === '' ? null : chosen });
        }}
      >
        <option value="">All connections</option>
        {!isKnown && <option value={profileId}>A connection that was deleted</option>}
        {profiles.map((profile) => (
          <option key={profile.profileId} value={profile.profileId}>
            {profile.name}
          </option>
        ))}
      </NativeSelect>
      <SegmentedControl
        aria-label="Severity"
        data={[
          { value: '', label: 'All' },
          { value: 'critical', label: 'Critical' },
          { value: 'warning', label: 'Warning' },
        ]}
        value={severity ?? ''}
        onChange={(value) => onSeverity(value === '' ? null : (value as AlertSeverity))}
      />
    </>
  );
}

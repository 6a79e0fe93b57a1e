import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { Advice } from '#shared/model/advice.ts';
import { payloadOf } from '../../../data/errors.ts';
import { putProfile } from '../../../data/queries.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { Panel } from '../../../kit/panel.tsx';
import { ReasonedButton } from '../../../kit/reasoned-button.tsx';
import classes from './advice.module.css';
import { applySize } from './apply-size.ts';
import { ConfigurationDialog } from './configuration-dialog.tsx';
import { LabButton } from './lab/lab-button.tsx';
import { adviceKey } from './use-advice.ts';
import { WaitChart } from './wait-chart.tsx';

interface Props {
  profile: ProfileView;
  advice: Advice;
  poolOpen: boolean;
}

/** The size now and the one recommended, what waits each size would have, and how to get there. */
export function SizePanel({ profile, advice, poolOpen }: Props) {
  const client = useQueryClient();
  const [configuring, setConfiguring] = useState(false);
  const { settings, recommended, needed, bound, demand, predictions, measuredWait, inputs } = advice;
  const same = recommended !== null && recommended.max === profile.max && recommended.min === profile.min;
  const apply = useMutation({
    mutationFn: (size: { min: number; max: number }) => applySize(profile, size),
    onSuccess: (saved) => {
      putProfile(client, saved);
      void client.invalidateQueries({ queryKey: [adviceKey, saved.profileId] });
      notifications.show({
        title: `${saved.name}: ${saved.min} to ${saved.max} connections`,
        message: 'Waits measured from now on are those of the new size.',
        color: 'scope',
        closeButtonProps: { 'aria-label': 'Dismiss this notice' },
      });
    },
    meta: { shownInPlace: true },
  });
  const reason =
    recommended === null ? 'There is no size to apply.' : same ? 'The pool has this size already.' : null;

  return (
    <Panel
      title="Size"
      actions={
        <div className={classes.buttons}>
          <Button variant="default" onClick={() => setConfiguring(true)}>
            Copy as configuration…
          </Button>
          <LabButton profile={profile} advice={advice} poolOpen={poolOpen} />
          <ReasonedButton
            reason={apply.isPending ? 'It is being applied.' : reason}
            onClick={() => recommended !== null && apply.mutate(recommended)}
          >
            {poolOpen ? 'Apply live' : 'Save in the profile'}
            {recommended !== null && !same && `: ${recommended.min} to ${recommended.max}`}
          </ReasonedButton>
        </div>
      }
    >
      <dl className={classes.tiles}>
        <Tile label="Now" value={`${settings.min} to ${settings.max}`} />
        <Tile
          label="Recommended"
          value={recommended === null ? 'None' : `${recommended.min} to ${recommended.max}`}
          strong
        />
        <Tile label="The load asks for" value={needed === null ? '–' : String(needed)} />
        <Tile label="The server has room for" value={bound.cap === null ? 'Unknown' : String(bound.cap)} />
      </dl>
      <p className={classes.bound} data-binds={bound.binds || undefined}>
        {bound.sentence}
      </p>
      {apply.isError && <ErrorNote error={payloadOf(apply.error)} />}
      <ConfigurationDialog
        draft={{ ...profile, ...(recommended ?? settings) }}
        opened={configuring}
        onClose={() => setConfiguring(false)}
      />
      {demand !== null && predictions.length > 0 && (
        <WaitChart
          predictions={predictions}
          measured={measuredWait}
          targetMs={inputs.targetWaitMs}
          present={settings.max}
          recommended={recommended?.max ?? null}
          byCallers={demand.kind === 'callers'}
        />
      )}
    </Panel>
  );
}

function Tile({ label, value, strong = false }: { label: string; value: string; strong?: boolean }) {
  return (
    <div className={classes.tile} data-strong={strong || undefined}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

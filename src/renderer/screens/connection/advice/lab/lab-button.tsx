import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { Advice } from '#shared/model/advice.ts';
import { labIsLongEnough, labLimits, labSeconds, labTrafficOf } from '#shared/model/lab.ts';
import { ReasonedButton } from '../../../../kit/reasoned-button.tsx';
import { LabSteps } from './lab-steps.tsx';

interface Props {
  profile: ProfileView;
  advice: Advice;
  poolOpen: boolean;
}

/** Why sizes cannot be checked; null when they can. */
export function reasonAgainst(advice: Advice, poolOpen: boolean): string | null {
  if (advice.demand === null) return 'There is no measured traffic to check a size with.';
  if (advice.predictions.length === 0) return 'There is no size to check: see the verdict.';
  const traffic = labTrafficOf(advice.demand);
  if (traffic.kind === 'open' && traffic.arrivalsPerS <= 0)
    return 'Too little was asked for in the busy minute to be asked for again.';
  if (traffic.kind === 'callers' && traffic.callers > labLimits.callers)
    return `The Lab plays ${labLimits.callers.toLocaleString('en-US')} callers at most; here there were more.`;
  if (!labIsLongEnough(Math.max(...labSeconds), traffic.holdMs))
    return 'Connections are held so long that a run of a minute would tell nothing of waits.';
  return poolOpen ? null : 'Connect it first.';
}

/** The button that checks sizes on the server, and the dialog behind it. */
export function LabButton({ profile, advice, poolOpen }: Props) {
  const [opened, setOpened] = useState(false);
  const [running, setRunning] = useState(false);
  return (
    <>
      <ReasonedButton reason={reasonAgainst(advice, poolOpen)} onClick={() => setOpened(true)}>
        Check in the Lab…
      </ReasonedButton>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        size={760}
        title="Check sizes in the Lab"
        // A run that takes a minute must not end with a click beside it, or with a key meant for a menu.
        closeOnClickOutside={false}
        closeOnEscape={!running}
        attributes={{ header: { role: 'presentation' } }}
        closeButtonProps={{ 'aria-label': 'Close, and stop what is under way' }}
      >
        <LabSteps profile={profile} advice={advice} onRunning={setRunning} onClose={() => setOpened(false)} />
      </Modal>
    </>
  );
}

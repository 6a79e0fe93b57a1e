import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { Advice } from '#shared/model/advice.ts';
import { ReasonedButton } from '../../../../kit/reasoned-button.tsx';
import { LabSteps } from './lab-steps.tsx';

interface Props {
  profile: ProfileView;
  advice: Advice;
  poolOpen: boolean;
}

function reasonOf(advice: Advice, poolOpen: boolean): string | null {
  if (advice.demand === null) return 'There is no measured traffic to check a size with.';
  if (advice.predictions.length === 0) return 'There is no size to check: see the verdict.';
  return poolOpen ? null : 'Connect it first.';
}

/** The button that checks sizes on the server, and the dialog behind it. */
export function LabButton({ profile, advice, poolOpen }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <ReasonedButton reason={reasonOf(advice, poolOpen)} onClick={() => setOpened(true)}>
        Check in the Lab…
      </ReasonedButton>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        size={760}
        title="Check sizes in the Lab"
        // A run that takes a minute must not end with a click beside it.
        closeOnClickOutside={false}
        attributes={{ header: { role: 'presentation' } }}
        closeButtonProps={{ 'aria-label': 'Close, and stop what is under way' }}
      >
        <LabSteps profile={profile} advice={advice} onClose={() => setOpened(false)} />
      </Modal>
    </>
  );
}

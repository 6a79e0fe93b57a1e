import { Button, Popover, Radio, Stack } from '@mantine/core';
import { BellOff } from 'lucide-react';
import { useState } from 'react';
import type { Alert } from '#shared/model/alert.ts';
import { useSnooze } from '../../alerts/alert-actions.ts';
import { snoozeLengths, snoozeTargets } from '../../alerts/snooze-choices.ts';
import { engineNowMs } from '../../data/engine-clock.ts';
import classes from './alerts-screen.module.css';

/** Keeps an alert, its rule or its connection quiet for a while. */
export function SnoozeMenu({ alert, disabled }: { alert: Alert; disabled: boolean }) {
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState('alert');
  const snooze = useSnooze();
  const targets = snoozeTargets(alert);
  const target = targets.find(({ value }) => value === chosen) ?? targets[0];
  if (target === undefined) return null;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<BellOff size={13} aria-hidden />}
          aria-label={`Snooze: ${alert.sentence}`}
          disabled={disabled}
          onClick={() => setOpened(!opened)}
        >
          Snooze
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.snooze ?? ''} aria-label="Snooze">
        <Radio.Group label="Tell nothing of" size="xs" value={chosen} onChange={setChosen}>
          <Stack gap={10} mt={8}>
            {targets.map(({ value, label }) => (
              <Radio key={value} size="xs" value={value} label={label} />
            ))}
          </Stack>
        </Radio.Group>
        <p className={classes.dim}>It is raised and listed all the same.</p>
        <div className={classes.buttons}>
          {snoozeLengths(engineNowMs()).map(({ label, durationMs }) => (
            <Button
              key={label}
              variant="default"
              size="compact-xs"
              onClick={() => {
                setOpened(false);
                snooze.mutate({ ...target.target, durationMs, words: `${target.label}, ${wordsOf(label)}` });
              }}
            >
              {label}
            </Button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const wordsOf = (label: string) => (label.startsWith('Until') ? label.toLowerCase() : `for ${label}`);

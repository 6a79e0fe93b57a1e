import { Button } from '@mantine/core';
import { BellOff } from 'lucide-react';
import { useEndSnooze } from '../../../alerts/alert-actions.ts';
import { useRules, useSnoozes } from '../../../alerts/alert-queries.ts';
import { snoozedWords } from '../../../alerts/snooze-choices.ts';
import { engineNowMs } from '../../../data/engine-clock.ts';
import { useProfiles } from '../../../data/queries.ts';
import { formatMoment } from '../../../time/clock.ts';
import { useZone } from '../../../time/use-zone.ts';
import classes from '../alerts-screen.module.css';

/** What is kept quiet now, each until when; nothing when all is told. */
export function SnoozeList() {
  const snoozes = useSnoozes().data ?? [];
  const rules = useRules().data ?? [];
  const profiles = useProfiles().data ?? [];
  const zone = useZone();
  const end = useEndSnooze();
  if (snoozes.length === 0) return null;
  const nameOfRule = (ruleId: string) =>
    rules.find((rule) => rule.ruleId === ruleId)?.name ?? 'A rule that was deleted';
  const nameOfConnection = (profileId: string) =>
    profiles.find((profile) => profile.profileId === profileId)?.name ?? 'a connection that was deleted';
  return (
    <ul className={classes.snoozes} aria-label="Snoozed">
      {snoozes.map((snooze) => {
        const words = snoozedWords(snooze, nameOfRule, nameOfConnection);
        return (
          <li key={snooze.snoozeId}>
            <BellOff size={13} aria-hidden />
            <span>
              {words}: snoozed until{' '}
              {formatMoment(snooze.untilMs, { zone, nowMs: engineNowMs(), seconds: false })}
            </span>
            <Button
              variant="subtle"
              size="compact-xs"
              aria-label={`End the snooze of ${words}`}
              onClick={() => end.mutate(snooze.snoozeId)}
            >
              End
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

import { Button } from '@mantine/core';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { payloadOf } from '../../../data/errors.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { go } from '../../../navigation/place.ts';
import { RangeControls } from '../../../ranges/range-controls.tsx';
import { useRangeState } from '../../../ranges/range-store.ts';
import { useZone } from '../../../time/use-zone.ts';
import classes from './advice.module.css';
import { CalculatorPanel } from './calculator-panel.tsx';
import { FiguresPanel } from './figures-panel.tsx';
import { InputsForm } from './inputs-form.tsx';
import { SizePanel } from './size-panel.tsx';
import { useAdvice } from './use-advice.ts';
import { VerdictPanel } from './verdict-panel.tsx';

/** What size a pool should have, by what was measured over a range: also of one that is closed. */
export function AdviceTab({ profile, poolOpen }: { profile: ProfileView; poolOpen: boolean }) {
  const { current, past } = useRangeState();
  const zone = useZone();
  const unreachable = useLinkLost();
  const { profileId } = profile;
  const { data: advice, error, isFetching, isPlaceholderData, refetch } = useAdvice(profileId, current);

  return (
    <div className={classes.area}>
      <div className={classes.toolbar}>
        <RangeControls range={current} zoomed={past.length > 0} compareWith={null} zone={zone} />
        <Button variant="default" className={classes.report ?? ''} onClick={() => go({ screen: 'report' })}>
          Report…
        </Button>
      </div>
      {error !== null && !unreachable && (
        <ErrorNote error={payloadOf(error)}>
          <Button variant="default" loading={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {advice === undefined && error === null && (
        <p role="status" className={classes.dim}>
          Reading the history of this range…
        </p>
      )}
      {advice !== undefined && (
        <div className={classes.panels} aria-busy={isPlaceholderData}>
          {!poolOpen && (
            <p className={classes.dim}>
              The pool is closed: this is advice on its past. What the server has left is known once it is
              open.
            </p>
          )}
          <VerdictPanel advice={advice} profileId={profileId} />
          <SizePanel profile={profile} advice={advice} poolOpen={poolOpen} />
          <InputsForm profileId={profileId} advice={advice} />
          <FiguresPanel advice={advice} zone={zone} />
          <CalculatorPanel advice={advice} />
        </div>
      )}
    </div>
  );
}

import { CircleCheck, CircleDashed } from 'lucide-react';
import { useRules, useStandings } from '../../../alerts/alert-queries.ts';
import { usePools } from '../../../data/queries.ts';
import { hashOfPlace } from '../../../navigation/place.ts';
import classes from '../alerts-screen.module.css';
import { watchedWords } from './watched-words.ts';

/** Often enough for who has just connected. */
const refreshMs = 5000;

/** Says that no alert is open, and what that is worth: who watches what. */
export function NothingWrong() {
  const rules = useRules().data;
  const standings = useStandings(refreshMs).data;
  const pools = usePools().data;
  if (rules === undefined || standings === undefined || pools === undefined) return null;
  const openPools = Object.values(pools).filter(({ state }) => state === 'open').length;
  const { title, more, isWatched } = watchedWords({ rules, standings, openPools });
  return (
    <div className={classes.nothing}>
      {isWatched ? <CircleCheck size={18} aria-hidden /> : <CircleDashed size={18} data-off aria-hidden />}
      <div>
        <p className={classes.sentence}>{title}</p>
        {more !== '' && <p className={classes.dim}>{more}</p>}
        <p className={classes.dim}>
          <a href={hashOfPlace({ screen: 'alerts', part: 'rules', profileId: null })}>
            See how the rules stand
          </a>
        </p>
      </div>
    </div>
  );
}

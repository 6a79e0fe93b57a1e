import type { RuleStanding } from '#shared/model/alert.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { formatFigure } from '../../../alerts/alert-figures.ts';
import { useProfiles } from '../../../data/queries.ts';
import { hashOfPlace } from '../../../navigation/place.ts';
import classes from '../alerts-screen.module.css';
import { standingWord } from './rule-words.ts';

/** How a rule stands for each open connection, with the figure, or why there is none. */
export function Standings({ rule, standings }: { rule: AlertRule; standings: readonly RuleStanding[] }) {
  const profiles = useProfiles().data ?? [];
  if (standings.length === 0) {
    return <p className={classes.dim}>No connection in its scope is open.</p>;
  }
  return (
    <ul>
      {standings.map(({ profileId, state, value, noDataReason }) => {
        const figure = value === null ? '' : formatFigure(rule.kind, value);
        return (
          <li key={profileId}>
            <a href={hashOfPlace({ screen: 'connection', profileId, tab: 'live' })}>
              <bdi>{profiles.find((profile) => profile.profileId === profileId)?.name ?? profileId}</bdi>
            </a>
            : {noDataReason ?? standingWord(state)}
            {figure !== '' && `, ${figure}`}
          </li>
        );
      })}
    </ul>
  );
}

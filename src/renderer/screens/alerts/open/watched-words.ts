import type { RuleStanding } from '#shared/model/alert.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';

interface Watched {
  rules: readonly AlertRule[];
  standings: readonly RuleStanding[];
  openPools: number;
}

interface WatchedWords {
  title: string;
  more: string;
  /** Whether "nothing is wrong" can be said at all. */
  isWatched: boolean;
}

const counted = (count: number, one: string) => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** "Nothing is wrong. 12 rules watch 3 connections."; says so when nothing can be wrong because nothing is watched. */
export function watchedWords({ rules, standings, openPools }: Watched): WatchedWords {
  if (openPools === 0) {
    return {
      isWatched: false,
      title: 'Nothing is watched: no connection is open.',
      more: 'Connect one, and the rules watch it.',
    };
  }
  const enabled = rules.filter((rule) => rule.enabled);
  if (enabled.length === 0) {
    return {
      isWatched: false,
      title: 'Nothing is watched: every rule is switched off.',
      more: 'Switch some on under Rules.',
    };
  }
  const watching = standings.filter(({ state }) => state !== 'noData');
  const ruleCount = new Set(watching.map(({ ruleId }) => ruleId)).size;
  const connectionCount = new Set(watching.map(({ profileId }) => profileId)).size;
  if (ruleCount === 0) {
    return {
      isWatched: false,
      title: 'Nothing is known to be wrong yet.',
      more: 'No rule has figures of an open connection so far.',
    };
  }
  const silent = enabled.length - ruleCount;
  return {
    isWatched: true,
    title: `Nothing is wrong. ${counted(ruleCount, 'rule')} ${ruleCount === 1 ? 'watches' : 'watch'} ${counted(connectionCount, 'connection')}.`,
    more:
      silent === 0
        ? ''
        : `${counted(silent, 'rule')} ${silent === 1 ? 'has' : 'have'} no figures of an open connection, and can say nothing.`,
  };
}

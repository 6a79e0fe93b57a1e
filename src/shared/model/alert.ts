import type { AlertKind } from './alert-kinds.ts';
import type { AlertSeverity } from './alert-rule.ts';
import type { SessionRef } from './sessions/session.ts';

/** `firing` until someone has seen it (`acknowledged`) or it is over (`resolved`). */
export type AlertState = 'firing' | 'acknowledged' | 'resolved';

/**
 * How it ended. `recovered`: the figure came back. The others say that it is not watched any more,
 * not that all is well: the connection was closed (or deleted), the rule was changed, switched off or
 * deleted, or Poolscope was quit.
 */
export type AlertEnding = 'recovered' | 'connectionClosed' | 'ruleChanged' | 'quit';

/** A likely cause with what to do about it; of an alert's list the first is the likeliest. */
export interface AlertCause {
  /** Stable name of the cause (`idleInTransaction`), for keys and tests. */
  causeId: string;
  /** What may be wrong, one sentence. */
  cause: string;
  /** What to do, one or two sentences. */
  remedy: string;
  /** What was seen when it fired that speaks for it, one sentence with figures and names; null when nothing was. */
  evidence: string | null;
  /** A session of the server that the evidence names, to open in the Sessions tab; else null. */
  session: SessionRef | null;
}

/** One rule that fired for one connection. Of these two there is never more than one open alert. */
export interface Alert {
  alertId: string;
  ruleId: string;
  /** The rule's name, kind and severity when it fired. */
  ruleName: string;
  kind: AlertKind;
  severity: AlertSeverity;
  profileId: string;
  /** What the connection was called when it fired. */
  connectionName: string;
  state: AlertState;
  /** What is wrong, one sentence with figures: "12 requests wait for a connection; the longest has waited 8.2 s." */
  sentence: string;
  /** Since when the condition held. */
  sinceMs: number;
  firedAtMs: number;
  acknowledgedAtMs: number | null;
  resolvedAtMs: number | null;
  /** Null while open. */
  ending: AlertEnding | null;
  /** The threshold when it fired, and the figure then, at its worst, and last, in the unit of the kind. */
  threshold: number;
  value: number;
  worstValue: number;
  lastValue: number;
  /** Since when nothing has been known of the figure; null while it is known, and once resolved. */
  unknownSinceMs: number | null;
  causes: AlertCause[];
  /** Until when it is snoozed, by itself, its rule or its connection; null when it is not. Acknowledging is something else. */
  snoozedUntilMs: number | null;
}

/** Open alerts by what a badge or a heading needs. Snoozed ones count in `snoozed` alone. */
export interface AlertCounts {
  /** Firing, neither acknowledged nor snoozed. */
  critical: number;
  warning: number;
  acknowledged: number;
  snoozed: number;
}

export const noAlerts: AlertCounts = { critical: 0, warning: 0, acknowledged: 0, snoozed: 0 };

/** What is not to be told of for a while: alerts are raised and listed all the same. */
export interface Snooze {
  snoozeId: string;
  /** Null for every rule. */
  ruleId: string | null;
  /** Null for every connection. */
  profileId: string | null;
  untilMs: number;
}

/**
 * How one rule stands for one connection now. `noData`: the connection does not tell that figure
 * (`noDataReason`), so the rule can neither fire nor resolve. `calm`: nothing wrong. `pending`: the
 * condition holds, though not long enough yet. `cooldown`: it holds, and the rule is still quiet
 * after the last alert. `firing`: an alert is open.
 */
export interface RuleStanding {
  ruleId: string;
  profileId: string;
  state: 'noData' | 'calm' | 'pending' | 'cooldown' | 'firing';
  /** In the unit of the kind; null when unknown. */
  value: number | null;
  /** Since when the condition holds; null when it does not. */
  sinceMs: number | null;
  /** One sentence for the user; null unless `noData`. */
  noDataReason: string | null;
}

/** Once that a rule would have fired. */
export interface RuleHit {
  profileId: string;
  sinceMs: number;
  firedAtMs: number;
  /** Null when it was still firing at the end of the range, or when what was recorded broke off. */
  resolvedAtMs: number | null;
  value: number;
  worstValue: number;
}

/** What a rule would have done on the recorded past. */
export interface RuleTest {
  fromMs: number;
  toMs: number;
  /** Oldest first; at most `maxRuleHits` of them. */
  hits: RuleHit[];
  /** All of them, and how long they lasted together. */
  hitCount: number;
  firingMs: number;
  /** Time within the range of which something is recorded, over all connections tested. */
  coveredMs: number;
  /** For a heading: "Would have fired 3 times in the last 7 days, for 12 min in all." */
  sentence: string;
  /** How far that can be trusted, one sentence: what resolution was there, or why nothing could be tested. */
  exactness: string;
  /** Whether every second that decides was there. */
  isExact: boolean;
}

export const maxRuleHits = 500;

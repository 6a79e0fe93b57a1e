import { randomUUID } from 'node:crypto';
import type { AlertsChange } from '#shared/contract/alerts.ts';
import type { Alert, AlertEnding } from '#shared/model/alert.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { Clock } from '../base/clock.ts';
import { likelyCauses } from './causes/likely-causes.ts';
import type { Seen } from './causes/seen.ts';
import type { Notifier } from './delivery/notifier.ts';
import type { Webhook } from './delivery/webhook.ts';
import type { Transition } from './rules/connection-watch.ts';
import type { Observation } from './rules/observation.ts';
import type { AlertLog } from './store/alert-log.ts';
import type { StoredAlert } from './store/schemas.ts';
import { sentenceOf, spoken } from './words.ts';

/** Figures of open alerts change every second; a list that follows them this often is lively enough. */
const figuresEveryMs = 3000;

const endings: Record<Exclude<AlertEnding, 'recovered'>, string> = {
  connectionClosed: 'the connection was closed',
  ruleChanged: 'the rule was changed or switched off',
  quit: 'Poolscope was quit',
};

export interface AlarmsDeps {
  clock: Clock;
  log: AlertLog;
  notifier: Notifier;
  webhook: Webhook;
  nameOf(profileId: string): string;
  /** What is at hand without asking the server. */
  seenOf(profileId: string): Seen;
  /** The same with sessions of now, where the server is watched. Never rejects. */
  lookCloser(profileId: string): Promise<Seen>;
  lastErrorOf(profileId: string): string | undefined;
  record(event: HistoryEvent): void;
  onChanged(change: AlertsChange): void;
}

/** Makes alerts of what rules say, keeps them up to date, and has them told of. */
export class Alarms {
  readonly #deps: AlarmsDeps;
  /** Ids of those to tell of with the next change. */
  readonly #changed = new Set<string>();
  /** Looks at the server that are under way, by alert. */
  readonly #looking = new Map<string, Promise<void>>();
  #figuresToldMs = Number.NEGATIVE_INFINITY;
  #hasNews = false;
  #isClosed = false;

  constructor(deps: AlarmsDeps) {
    this.#deps = deps;
  }

  /** The alert as it goes out. */
  view(alert: StoredAlert): Alert {
    const { log, clock } = this.#deps;
    const snoozedUntilMs = alert.state === 'resolved' ? null : log.snoozedUntilMs(alert, clock.nowMs());
    return { ...alert, snoozedUntilMs };
  }

  heard(profileId: string, transitions: readonly Transition[], seen: Observation): void {
    for (const transition of transitions) {
      if (transition.kind === 'fired') this.#fired(profileId, transition, seen);
      else if (transition.kind === 'changed') this.#figures(profileId, transition);
      else {
        const alert = this.#deps.log.openOf(transition.rule.ruleId, profileId);
        if (alert !== null) this.#end(alert, 'recovered', transition.atMs);
      }
    }
  }

  /** Ends what is open of a connection, of a rule, or of both. */
  endAll(what: { profileId?: string; ruleId?: string }, ending: Exclude<AlertEnding, 'recovered'>): void {
    const { log, clock } = this.#deps;
    for (const alert of log.listOpen()) {
      if (what.profileId !== undefined && what.profileId !== alert.profileId) continue;
      if (what.ruleId !== undefined && what.ruleId !== alert.ruleId) continue;
      this.#end(alert, ending, clock.nowMs());
    }
    this.tell();
  }

  /** Changes that a user made. */
  change(alert: StoredAlert, changes: Partial<StoredAlert>): Alert {
    const changed = this.#deps.log.change(alert, changes);
    this.#note(changed);
    return this.view(changed);
  }

  /** The sessions of a server were read: what fired before that may not have found who is to blame. */
  sessionsRead(profileId: string): void {
    for (const alert of this.#deps.log.listOpen()) {
      if (alert.profileId !== profileId || namesSession(alert.causes)) continue;
      const causes = likelyCauses(alert.kind, this.#deps.seenOf(profileId));
      if (namesSession(causes) || !hasEvidence(alert.causes)) this.#inform(alert, causes);
    }
  }

  /** Alerts that look different since something about snoozing changed. */
  touchOpen(): void {
    for (const alert of this.#deps.log.listOpen()) this.#note(alert);
  }

  /** Tells of all changes since it was called last. At once for what came or went, else now and then. */
  tell(): void {
    const { clock, log, notifier, onChanged } = this.#deps;
    if (this.#changed.size === 0 || this.#isClosed) return;
    const nowMs = clock.monotonicMs();
    if (!this.#hasNews && nowMs - this.#figuresToldMs < figuresEveryMs) return;
    this.#figuresToldMs = nowMs;
    this.#hasNews = false;
    const alerts = [...this.#changed].flatMap((alertId) => log.get(alertId) ?? []);
    this.#changed.clear();
    const counts = log.counts(clock.nowMs());
    notifier.badge(counts.critical + counts.warning);
    onChanged({ alerts: alerts.map((alert) => this.view(alert)), counts });
  }

  close(): void {
    this.endAll({}, 'quit');
    this.#isClosed = true;
  }

  #fired(profileId: string, { rule, firing }: Transition, seen: Observation): void {
    const { log, nameOf, seenOf, lastErrorOf, record, notifier, webhook, clock } = this.#deps;
    const around = { pool: seen.pool, pooler: seen.pooler?.tick, lastError: lastErrorOf(profileId) };
    const alert: StoredAlert = {
      alertId: randomUUID(),
      ruleId: rule.ruleId,
      ruleName: rule.name,
      kind: rule.kind,
      severity: rule.severity,
      profileId,
      connectionName: nameOf(profileId),
      state: 'firing',
      sentence: sentenceOf(rule.kind, firing, around),
      ...firing,
      acknowledgedAtMs: null,
      resolvedAtMs: null,
      ending: null,
      threshold: rule.threshold,
      causes: likelyCauses(rule.kind, seenOf(profileId)),
    };
    log.add(alert);
    this.#note(alert);
    record(eventOf('alertFired', alert, firing.firedAtMs, `${alert.ruleName}: ${alert.sentence}`));
    const isSnoozed = log.snoozedUntilMs(alert, clock.nowMs()) !== null;
    if (!isSnoozed) notifier.tell(alert);
    const looking = this.#lookCloser(alert).then((informed) => {
      if (!isSnoozed && !this.#isClosed) webhook.send('alert.fired', { ...informed, state: 'firing' });
      this.#looking.delete(alert.alertId);
    });
    this.#looking.set(alert.alertId, looking);
  }

  /** Reads the sessions of the server, and puts what they speak for first. Answers with the alert then. */
  async #lookCloser(alert: StoredAlert): Promise<StoredAlert> {
    const { log, lookCloser } = this.#deps;
    const seen = await lookCloser(alert.profileId);
    const present = log.get(alert.alertId) ?? alert;
    if (this.#isClosed) return present;
    const informed = this.#inform(present, likelyCauses(alert.kind, seen));
    this.tell();
    return informed;
  }

  /** Orders the causes by what was seen, if anything was. */
  #inform(alert: StoredAlert, causes: StoredAlert['causes']): StoredAlert {
    if (!hasEvidence(causes)) return alert;
    const informed = this.#deps.log.change(alert, { causes });
    this.#note(informed);
    return informed;
  }

  #figures(profileId: string, { rule, firing }: Transition): void {
    const { log } = this.#deps;
    const alert = log.openOf(rule.ruleId, profileId);
    if (alert === null) return;
    const { lastValue, worstValue, unknownSinceMs } = firing;
    this.#changed.add(alert.alertId);
    if (unknownSinceMs !== alert.unknownSinceMs) this.#hasNews = true;
    log.update(alert, { lastValue, worstValue, unknownSinceMs });
  }

  #end(alert: StoredAlert, ending: AlertEnding, atMs: number): void {
    const { log, record, webhook, clock } = this.#deps;
    const resolvedAtMs = Math.max(atMs, alert.firedAtMs);
    const isSnoozed = log.snoozedUntilMs(alert, clock.nowMs()) !== null;
    const over = log.change(alert, { state: 'resolved', ending, resolvedAtMs, unknownSinceMs: null });
    this.#note(over);
    if (ending === 'quit') return;
    const after = `after ${spoken(resolvedAtMs - alert.firedAtMs)}`;
    const text =
      ending === 'recovered'
        ? `${alert.ruleName}: over ${after}.`
        : `${alert.ruleName}: not watched any more, ${after}: ${endings[ending]}.`;
    record(eventOf('alertResolved', alert, resolvedAtMs, text));
    if (isSnoozed) return;
    // Never before a target has heard that it fired.
    void (this.#looking.get(alert.alertId) ?? Promise.resolve()).then(() => {
      if (!this.#isClosed) webhook.send('alert.resolved', over);
    });
  }

  #note({ alertId }: StoredAlert): void {
    this.#changed.add(alertId);
    this.#hasNews = true;
  }
}

const hasEvidence = (causes: StoredAlert['causes']): boolean =>
  causes.some(({ evidence }) => evidence !== null);

const namesSession = (causes: StoredAlert['causes']): boolean =>
  causes.some(({ session }) => session !== null);

const eventOf = (
  kind: 'alertFired' | 'alertResolved',
  { profileId }: StoredAlert,
  atMs: number,
  text: string,
): HistoryEvent => ({
  eventId: randomUUID(),
  kind,
  profileId,
  fromMs: Math.round(atMs),
  toMs: Math.round(atMs),
  text,
});

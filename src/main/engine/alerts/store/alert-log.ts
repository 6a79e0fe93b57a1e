import { randomUUID } from 'node:crypto';
import type { Alert, AlertCounts, Snooze } from '#shared/model/alert.ts';
import { noAlerts } from '#shared/model/alert.ts';
import { type FileDeps, jsonFile } from '../../base/json-file.ts';
import { alertsFileSchema, type StoredAlert } from './schemas.ts';

/** Bounds the file to a few megabytes. Open alerts are never dropped. */
const keptAlerts = 2000;
/** Several changes in a row are one write. */
const saveAfterMs = 2000;

const severityRank = { critical: 0, warning: 1 } as const;
const stateRank = { firing: 0, acknowledged: 1, resolved: 2 } as const;

const worstFirst = (a: StoredAlert, b: StoredAlert): number =>
  severityRank[a.severity] - severityRank[b.severity] ||
  stateRank[a.state] - stateRank[b.state] ||
  b.firedAtMs - a.firedAtMs;

const isOpen = ({ state }: StoredAlert): boolean => state !== 'resolved';

/** All alerts, open and over, and the snoozes, over restarts. */
export class AlertLog {
  readonly #deps: FileDeps;
  readonly #file;
  /** Newest first. */
  #alerts: StoredAlert[] = [];
  readonly #open = new Map<string, StoredAlert>();
  #snoozes: Snooze[] = [];
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: FileDeps) {
    this.#deps = deps;
    this.#file = jsonFile(deps, {
      fileName: 'alerts.json',
      what: 'The history of alerts',
      schema: alertsFileSchema,
      empty: { savedAtMs: 0, alerts: [], snoozes: [] },
    });
  }

  /** What was open when Poolscope ended is not watched any more; how it went on is not known. */
  async load(): Promise<void> {
    const { savedAtMs, alerts, snoozes } = await this.#file.load();
    this.#alerts = alerts.map((alert) =>
      isOpen(alert)
        ? { ...alert, state: 'resolved', ending: 'quit', resolvedAtMs: Math.max(alert.firedAtMs, savedAtMs) }
        : alert,
    );
    this.#snoozes = snoozes;
  }

  /** Of each rule and connection at most one is open. */
  openOf(ruleId: string, profileId: string): StoredAlert | null {
    return this.#open.get(`${ruleId} ${profileId}`) ?? null;
  }

  listOpen(): StoredAlert[] {
    return [...this.#open.values()].sort(worstFirst);
  }

  /** Newest first. */
  listOver(): StoredAlert[] {
    return this.#alerts.filter((alert) => !isOpen(alert));
  }

  get(alertId: string): StoredAlert | null {
    return this.#alerts.find((alert) => alert.alertId === alertId) ?? null;
  }

  add(alert: StoredAlert): void {
    this.#alerts.unshift(alert);
    this.#open.set(`${alert.ruleId} ${alert.profileId}`, alert);
    for (let at = this.#alerts.length - 1; this.#alerts.length > keptAlerts && at >= 0; at -= 1) {
      if (!isOpen(this.#alerts[at] as StoredAlert)) this.#alerts.splice(at, 1);
    }
    this.#saveSoon();
  }

  /** Puts what changed in the alert's place, and on disk soon. */
  change(alert: StoredAlert, changes: Partial<StoredAlert>): StoredAlert {
    this.#saveSoon();
    return this.update(alert, changes);
  }

  /** As `change`, for figures that change every second: on disk with the next thing that matters. */
  update(alert: StoredAlert, changes: Partial<StoredAlert>): StoredAlert {
    const changed = { ...alert, ...changes };
    const place = this.#alerts.findIndex(({ alertId }) => alertId === alert.alertId);
    if (place >= 0) this.#alerts[place] = changed;
    const key = `${alert.ruleId} ${alert.profileId}`;
    if (isOpen(changed)) this.#open.set(key, changed);
    else this.#open.delete(key);
    return changed;
  }

  /** Those that last still, soonest to end first. */
  snoozes(nowMs: number): Snooze[] {
    return this.#snoozes.filter(({ untilMs }) => untilMs > nowMs).sort((a, b) => a.untilMs - b.untilMs);
  }

  snooze(what: Omit<Snooze, 'snoozeId'>, nowMs: number): Snooze {
    const snooze: Snooze = { snoozeId: randomUUID(), ...what };
    const others = this.snoozes(nowMs).filter(
      ({ ruleId, profileId }) => ruleId !== what.ruleId || profileId !== what.profileId,
    );
    this.#snoozes = [...others, snooze];
    this.#saveSoon();
    return snooze;
  }

  unsnooze(snoozeId: string): void {
    this.#snoozes = this.#snoozes.filter((snooze) => snooze.snoozeId !== snoozeId);
    this.#saveSoon();
  }

  /** Null when nothing keeps quiet about it. */
  snoozedUntilMs({ ruleId, profileId }: Pick<Alert, 'ruleId' | 'profileId'>, nowMs: number): number | null {
    let untilMs: number | null = null;
    for (const snooze of this.#snoozes) {
      if (snooze.ruleId !== null && snooze.ruleId !== ruleId) continue;
      if (snooze.profileId !== null && snooze.profileId !== profileId) continue;
      if (snooze.untilMs > nowMs) untilMs = Math.max(untilMs ?? 0, snooze.untilMs);
    }
    return untilMs;
  }

  counts(nowMs: number): AlertCounts {
    const counts = { ...noAlerts };
    for (const alert of this.#open.values()) {
      if (this.snoozedUntilMs(alert, nowMs) !== null) counts.snoozed += 1;
      else if (alert.state === 'acknowledged') counts.acknowledged += 1;
      else counts[alert.severity] += 1;
    }
    return counts;
  }

  #saveSoon(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => this.#save(), saveAfterMs);
  }

  /** Writes what waits to be written. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) this.#save();
    await this.#saving;
  }

  #save(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const content = { savedAtMs: this.#deps.clock.nowMs(), alerts: this.#alerts, snoozes: this.#snoozes };
    // The file has logged why; the next change tries again.
    this.#saving = this.#saving.then(() => this.#file.save(content).catch(() => {}));
  }
}

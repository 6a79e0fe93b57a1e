import { randomUUID } from 'node:crypto';
import type { AlertNotification, AlertSettings } from '#shared/contract/alerts.ts';
import type { DesktopNotifications } from '../../ports.ts';
import type { StoredAlert } from '../store/schemas.ts';
import { counted } from '../words.ts';

interface NotifierDeps {
  settings(): AlertSettings;
  /** Absent where the page shows notifications. */
  desktop: DesktopNotifications | null;
  /** Whether it is still worth telling of. */
  isNews(alertId: string): boolean;
  /** The alert as it is now: its causes come a moment after it. */
  current(alertId: string): StoredAlert | null;
  show(notification: AlertNotification): void;
  onClick(alertId: string): void;
  /** Shorter in tests. */
  timing?: { gatherMs: number; restMs: number };
}

/** What fires together is told together. */
const usualTiming = { gatherMs: 1500, restMs: 30_000 };
const mostLines = 3;

/**
 * Tells of alerts outside of the screen, never in a storm: the first soon, then at most one
 * notification in half a minute that speaks of all that fired meanwhile.
 */
export class Notifier {
  readonly #deps: NotifierDeps;
  readonly #timing;
  #waiting = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  /** While it runs, one was shown just now. */
  #resting: NodeJS.Timeout | null = null;
  #badge = 0;

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
    this.#timing = deps.timing ?? usualTiming;
  }

  tell({ alertId, severity }: StoredAlert): void {
    const { notifications, notifyFrom } = this.#deps.settings();
    if (!notifications || (notifyFrom === 'critical' && severity !== 'critical')) return;
    this.#waiting.add(alertId);
    if (this.#resting === null) this.#timer ??= setTimeout(() => this.#flush(), this.#timing.gatherMs);
  }

  /** Shows one at once, as an alert would. */
  test(): AlertNotification {
    return this.#show({
      title: 'Poolscope can reach you',
      body: 'This is how it tells of alerts.',
      severity: 'warning',
      alertIds: [],
    });
  }

  badge(count: number): void {
    const shown = this.#deps.settings().badge ? count : 0;
    if (shown !== this.#badge) this.#deps.desktop?.setBadge(shown);
    this.#badge = shown;
  }

  close(): void {
    for (const timer of [this.#timer, this.#resting]) if (timer !== null) clearTimeout(timer);
    this.#timer = null;
    this.#resting = null;
    this.#waiting.clear();
    if (this.#badge > 0) this.#deps.desktop?.setBadge(0);
  }

  #flush(): void {
    this.#timer = null;
    const alerts = [...this.#waiting]
      .filter((alertId) => this.#deps.isNews(alertId))
      .flatMap((alertId) => this.#deps.current(alertId) ?? [])
      .sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
    this.#waiting = new Set();
    if (alerts.length === 0) return;
    this.#show(notificationOf(alerts));
    this.#resting = setTimeout(() => {
      this.#resting = null;
      if (this.#waiting.size > 0) this.#flush();
    }, this.#timing.restMs);
  }

  #show(words: Pick<AlertNotification, 'title' | 'body' | 'severity' | 'alertIds'>): AlertNotification {
    const { desktop, onClick, settings } = this.#deps;
    const { sound } = settings();
    const shownByShell = desktop?.isSupported() ?? false;
    const notification: AlertNotification = {
      notificationId: randomUUID(),
      ...words,
      sound,
      shownByShell,
    };
    if (shownByShell) {
      const [first] = words.alertIds;
      desktop?.show({ title: words.title, body: words.body, silent: !sound }, () => {
        if (first !== undefined) onClick(first);
      });
    }
    this.#deps.show(notification);
    return notification;
  }
}

/** One alert in its own words; several as how many on how many connections, the worst first. */
function notificationOf(
  alerts: StoredAlert[],
): Pick<AlertNotification, 'title' | 'body' | 'severity' | 'alertIds'> {
  const [first] = alerts as [StoredAlert, ...StoredAlert[]];
  const { severity } = first;
  const alertIds = alerts.map(({ alertId }) => alertId);
  if (alerts.length === 1) {
    const evidence = first.causes[0]?.evidence;
    const body =
      evidence == null || evidence === first.sentence ? first.sentence : `${first.sentence}\n${evidence}`;
    return { title: `${first.connectionName}: ${first.ruleName}`, body, severity, alertIds };
  }
  const connections = new Set(alerts.map(({ profileId }) => profileId)).size;
  const lines = alerts
    .slice(0, mostLines)
    .map(({ connectionName, ruleName }) => `${connectionName}: ${ruleName}`);
  const more = alerts.length - lines.length;
  return {
    title: `${counted(alerts.length, 'alert')} on ${counted(connections, 'connection')}`,
    body: [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    severity,
    alertIds,
  };
}

import type { Snooze } from '../model/alert.ts';
import type { AlertRule } from '../model/alert-rule.ts';
import type { HistoryEvent } from '../model/history-event.ts';
import type { LabProgress } from '../model/lab.ts';
import type { MachineSample } from '../model/machine.ts';
import type { PoolSample } from '../model/pool-sample.ts';
import type { PoolerTick } from '../model/pooler.ts';
import type { QueryNotice, QueryRun, QueryTransaction } from '../model/query.ts';
import type { SessionsPoint } from '../model/sessions/point.ts';
import type { AlertNotification, AlertSettingsView, AlertsChange, RuleTestProgress } from './alerts.ts';
import type { AppNotice } from './app.ts';
import type { StageReport } from './connection-test.ts';
import type { ExportProgress } from './exporter.ts';
import type { RecordingState } from './history-storage.ts';
import type { MetricsStatus } from './metrics.ts';
import type { AddManyProgress } from './names.ts';
import type { PoolerStatus } from './pgbouncer.ts';
import type { PoolStatus } from './pools.ts';
import type { ProfileView } from './profiles.ts';
import type { ManyRuns } from './query.ts';
import type { SampleDatabaseStatus } from './sample-database.ts';
import type { ActionProgress, SessionsSample, SessionsSettings, WatchStatus } from './sessions.ts';

/** Everything the engine tells the renderer unasked. All windows hear all of it. */
export interface EngineEvents {
  /** Once a second, one batch for every open pool. */
  'samples.tick': { atMs: number; samples: PoolSample[] };
  /** A pool opened, closed, failed, or its health changed. */
  'pools.changed': PoolStatus;
  /** The whole list, after any change to it. */
  'profiles.changed': ProfileView[];
  /** One stage of a running connection test, addressed by the test's own id. */
  'connectionTest.stage': { testId: string; stage: StageReport };
  'sampleDatabase.changed': SampleDatabaseStatus;
  'history.eventAdded': HistoryEvent;
  'history.eventDeleted': { eventId: string };
  /** Recording stopped, or goes on again. */
  'history.recordingChanged': RecordingState;
  'history.compactProgress': { doneBytes: number; totalBytes: number };
  'exporter.progress': ExportProgress;
  /** Twice a second while the lab checks sizes. */
  'lab.progress': LabProgress;
  /** Every five seconds: what the machine did since the sample before. */
  'machine.sample': MachineSample;
  /** The endpoint or the push of metrics was set otherwise, or a push ended. */
  'metrics.changed': MetricsStatus;
  'names.addManyProgress': AddManyProgress;
  /** One sample of an open console, each second while watched, else per health interval. */
  'pgbouncer.tick': PoolerTick;
  /** What an open console is, or what is held on it, changed. */
  'pgbouncer.changed': PoolerStatus;
  /** How the watching of a server goes: any change but a sample like the one before. */
  'sessions.status': WatchStatus;
  /** A sample of a server someone looks at (`sessions.watch`). */
  'sessions.sample': SessionsSample;
  /** Every sample of every watched server in brief, in the background too. */
  'sessions.point': { serverId: string; profileIds: string[]; point: SessionsPoint };
  'sessions.settingsChanged': SessionsSettings;
  'sessions.actionProgress': ActionProgress;
  /** A run changed its state, or, at most four times a second, has more rows. Closed runs fall silent. */
  'query.progress': QueryRun;
  /** A notice of a statement under way, as it comes; no more than `queryLimits.notices` of one. */
  'query.notice': { runId: string; notice: QueryNotice };
  'query.transactionChanged': QueryTransaction;
  /** A target of a run on many databases ended, or all did. */
  'query.manyChanged': ManyRuns;
  /** Alerts fired, changed or ended, with how many are open now. */
  'alerts.changed': AlertsChange;
  /** The whole list, after any change to it. */
  'alerts.rulesChanged': AlertRule[];
  /** All that last still, after any change. */
  'alerts.snoozesChanged': Snooze[];
  'alerts.settingsChanged': AlertSettingsView;
  'alerts.testProgress': RuleTestProgress;
  'alerts.notification': AlertNotification;
  /** A notification of the desktop was clicked: show this alert. */
  'alerts.opened': { alertId: string };
  /** Something the user should know that no request of theirs caused. */
  'app.notice': AppNotice;
}

export type EventName = keyof EngineEvents;

/** Names as data, for transports that must refuse what is not an event. */
export const eventNames = [
  'samples.tick',
  'pools.changed',
  'profiles.changed',
  'connectionTest.stage',
  'sampleDatabase.changed',
  'history.eventAdded',
  'history.eventDeleted',
  'history.recordingChanged',
  'history.compactProgress',
  'exporter.progress',
  'lab.progress',
  'machine.sample',
  'metrics.changed',
  'names.addManyProgress',
  'pgbouncer.tick',
  'pgbouncer.changed',
  'sessions.status',
  'sessions.sample',
  'sessions.point',
  'sessions.settingsChanged',
  'sessions.actionProgress',
  'query.progress',
  'query.notice',
  'query.transactionChanged',
  'query.manyChanged',
  'alerts.changed',
  'alerts.rulesChanged',
  'alerts.snoozesChanged',
  'alerts.settingsChanged',
  'alerts.testProgress',
  'alerts.notification',
  'alerts.opened',
  'app.notice',
] as const satisfies readonly EventName[];

import * as z from 'zod/mini';
import { alertKinds } from '#shared/model/alert-kinds.ts';
import { alertSeverities } from '#shared/model/alert-rule.ts';

const time = z.nullable(z.number());

const causeSchema = z.object({
  causeId: z.string(),
  cause: z.string(),
  remedy: z.string(),
  evidence: z.nullable(z.string()),
  session: z.nullable(z.object({ pid: z.number(), backendStartUs: z.number() })),
});

/** An alert as kept; how long it is snoozed stands with the snoozes. */
export const storedAlertSchema = z.object({
  alertId: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  kind: z.enum(alertKinds),
  severity: z.enum(alertSeverities),
  profileId: z.string(),
  connectionName: z.string(),
  state: z.enum(['firing', 'acknowledged', 'resolved']),
  sentence: z.string(),
  sinceMs: z.number(),
  firedAtMs: z.number(),
  acknowledgedAtMs: time,
  resolvedAtMs: time,
  ending: z.nullable(z.enum(['recovered', 'connectionClosed', 'ruleChanged', 'quit'])),
  threshold: z.number(),
  value: z.number(),
  worstValue: z.number(),
  lastValue: z.number(),
  unknownSinceMs: time,
  causes: z.array(causeSchema),
});
export type StoredAlert = z.output<typeof storedAlertSchema>;

const snoozeSchema = z.object({
  snoozeId: z.string(),
  ruleId: z.nullable(z.string()),
  profileId: z.nullable(z.string()),
  untilMs: z.number(),
});

export const alertsFileSchema = z.object({
  /** When it was written: what is open in it was still open then. */
  savedAtMs: z.number(),
  /** Newest first. */
  alerts: z.array(storedAlertSchema),
  snoozes: z.array(snoozeSchema),
});

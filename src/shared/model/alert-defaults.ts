import { alertKindInfo } from './alert-kinds.ts';
import type { AlertRule } from './alert-rule.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

type Choices = Pick<AlertRule, 'ruleId' | 'kind' | 'severity'> &
  Partial<Pick<AlertRule, 'name' | 'threshold' | 'clearThreshold' | 'forMs' | 'cooldownMs'>>;

function rule({ ruleId, kind, severity, ...chosen }: Choices): AlertRule {
  const threshold = chosen.threshold ?? 1;
  return {
    ruleId,
    kind,
    name: chosen.name ?? alertKindInfo[kind].label,
    enabled: true,
    severity,
    threshold,
    clearThreshold: chosen.clearThreshold ?? threshold,
    forMs: chosen.forMs ?? 0,
    cooldownMs: chosen.cooldownMs ?? minuteMs,
    scope: { kind: 'all' },
  };
}

/**
 * The rules a new installation starts with: shares rather than numbers, so that they fit a pool of 5
 * and one of 500. Their ids are fixed, so that a reset brings the same ones back.
 */
export const defaultAlertRules: readonly AlertRule[] = [
  rule({ ruleId: 'pending', kind: 'pending', severity: 'warning', threshold: 0, forMs: 10 * secondMs }),
  rule({
    ruleId: 'queue-growing',
    kind: 'queueGrowing',
    severity: 'critical',
    threshold: 3,
    clearThreshold: 1,
  }),
  rule({
    ruleId: 'wait-p95',
    kind: 'waitP95',
    severity: 'warning',
    threshold: 100,
    clearThreshold: 80,
    // The figure looks back over ten seconds, so this asks for waits that go on, not for one burst.
    forMs: 20 * secondMs,
  }),
  rule({ ruleId: 'wait-timeouts', kind: 'waitTimeouts', severity: 'critical' }),
  rule({
    ruleId: 'utilization',
    kind: 'utilization',
    severity: 'warning',
    threshold: 80,
    clearThreshold: 70,
    forMs: minuteMs,
  }),
  rule({ ruleId: 'error-rate', kind: 'errorRate', severity: 'warning', threshold: 1, clearThreshold: 0.5 }),
  rule({ ruleId: 'long-hold', kind: 'longHold', severity: 'warning', threshold: 5 * minuteMs }),
  rule({ ruleId: 'unhealthy', kind: 'unhealthy', severity: 'critical' }),
  rule({ ruleId: 'breaker-open', kind: 'breakerOpen', severity: 'critical' }),
  rule({
    ruleId: 'headroom-20',
    kind: 'serverHeadroom',
    severity: 'warning',
    name: 'Server headroom under 20 %',
    threshold: 20,
    clearThreshold: 25,
  }),
  rule({
    ruleId: 'headroom-10',
    kind: 'serverHeadroom',
    severity: 'critical',
    name: 'Server headroom under 10 %',
    threshold: 10,
    clearThreshold: 15,
  }),
  rule({
    ruleId: 'idle-in-transaction',
    kind: 'idleInTransaction',
    severity: 'warning',
    threshold: minuteMs,
  }),
  rule({ ruleId: 'blocked', kind: 'blocked', severity: 'warning', threshold: 5 * secondMs }),
  rule({
    ruleId: 'certificate-30',
    kind: 'certificateExpiry',
    severity: 'warning',
    name: 'Certificate expires within 30 days',
    threshold: 30,
    cooldownMs: hourMs,
  }),
  rule({
    ruleId: 'certificate-7',
    kind: 'certificateExpiry',
    severity: 'critical',
    name: 'Certificate expires within 7 days',
    threshold: 7,
    cooldownMs: hourMs,
  }),
  rule({
    ruleId: 'pooler-maxwait-1',
    kind: 'poolerMaxwait',
    severity: 'warning',
    name: 'Pooler: longest wait over 1 s',
    threshold: secondMs,
    clearThreshold: 500,
  }),
  rule({
    ruleId: 'pooler-maxwait-15',
    kind: 'poolerMaxwait',
    severity: 'critical',
    name: 'Pooler: longest wait over 15 s',
    threshold: 15 * secondMs,
    clearThreshold: 10 * secondMs,
  }),
  rule({ ruleId: 'pooler-starved', kind: 'poolerStarved', severity: 'warning', forMs: 5 * secondMs }),
  rule({ ruleId: 'pooler-paused', kind: 'poolerPaused', severity: 'warning' }),
];

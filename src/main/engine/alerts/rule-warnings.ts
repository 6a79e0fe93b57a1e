import { alertKindInfo } from '#shared/model/alert-kinds.ts';
import { type AlertRule, isInScope } from '#shared/model/alert-rule.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import { spoken } from './words.ts';

interface KnownConnection extends Pick<ProfileDraft, 'name' | 'waitTimeoutMs' | 'tlsMode'> {
  profileId: string;
  /** Null while it is not known. */
  target: 'database' | 'console' | null;
}

/** What may keep a valid rule from doing what is meant on the connections there are. One sentence each. */
export function ruleWarnings(
  rule: AlertRule,
  connections: readonly KnownConnection[],
  sessions: { background: boolean },
): string[] {
  const inScope = connections.filter(({ profileId }) => isInScope(rule.scope, profileId));
  if (inScope.length === 0) {
    return rule.scope.kind === 'chosen' ? ['None of the connections chosen is there any more.'] : [];
  }
  const warnings: string[] = [];
  const impatient = inScope.filter(({ waitTimeoutMs }) => waitTimeoutMs <= rule.threshold);
  if (rule.kind === 'waitP95' && impatient.length === inScope.length) {
    const [{ waitTimeoutMs } = { waitTimeoutMs: 0 }] = impatient;
    warnings.push(
      `It can hardly fire: requests give up after ${spoken(waitTimeoutMs)} (wait timeout), before the threshold of ${spoken(rule.threshold)} is passed.`,
    );
  }
  const { source } = alertKindInfo[rule.kind];
  if (source === 'pooler' && inScope.every(({ target }) => target === 'database')) {
    warnings.push(
      'None of the connections in scope is the console of a pooler, so there is nothing to watch.',
    );
  }
  if (source === 'pool' && inScope.every(({ target }) => target === 'console')) {
    warnings.push('Every connection in scope is the console of a pooler, which has no pool of its own.');
  }
  if (source === 'certificate' && inScope.every(({ tlsMode }) => tlsMode === 'disable')) {
    warnings.push('TLS is off on every connection in scope, so there is no certificate to watch.');
  }
  if (source === 'sessions' && !sessions.background) {
    warnings.push(
      'Background sampling of sessions is off: the rule sees the server only while someone looks at it.',
    );
  }
  return warnings;
}

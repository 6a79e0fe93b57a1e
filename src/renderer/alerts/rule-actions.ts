import { notifications } from '@mantine/notifications';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { request } from '../bridge/client.ts';
import { offerUndo } from '../data/offer-undo.tsx';
import { alertKeys } from './alert-queries.ts';

/** One rule, new or changed: the event with the whole list may come after the answer that has it. */
function putRule(client: QueryClient, rule: AlertRule): void {
  client.setQueryData<AlertRule[]>(alertKeys.rules, (rules) => {
    if (rules === undefined) return rules;
    const isKnown = rules.some(({ ruleId }) => ruleId === rule.ruleId);
    return isKnown ? rules.map((other) => (other.ruleId === rule.ruleId ? rule : other)) : [...rules, rule];
  });
}

async function saveRule(client: QueryClient, rule: AlertRule): Promise<void> {
  const saved = await request('alerts.saveRule', { rule });
  putRule(client, saved.rule);
  if (saved.warnings.length === 0) return;
  notifications.show({
    title: `“${saved.rule.name}” is saved`,
    message: saved.warnings.join(' '),
    color: 'yellow',
    autoClose: false,
    closeButtonProps: { 'aria-label': 'Dismiss this notice' },
  });
}

/** Adds or changes a rule; what shows it also shows what went wrong. */
export function useSaveRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: AlertRule) => saveRule(client, rule),
    meta: { shownInPlace: true },
  });
}

/** Switches a rule on or off. */
export function useSwitchRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: AlertRule) => saveRule(client, rule),
    meta: { failure: 'The rule could not be switched' },
  });
}

/** Deletes at once and offers to undo it. */
export function useDeleteRule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ruleId }: AlertRule) => request('alerts.deleteRule', { ruleId }),
    onSuccess: (deleted) => {
      client.setQueryData<AlertRule[]>(alertKeys.rules, (rules) =>
        rules?.filter(({ ruleId }) => ruleId !== deleted.ruleId),
      );
      offerUndo(`undo-rule-${deleted.ruleId}`, 'Rule deleted', deleted.name, () => saveRule(client, deleted));
    },
    meta: { failure: 'Deleting the rule failed' },
  });
}

/** Back to the rules of a new installation, and offers to undo it. */
export function useResetRules() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request('alerts.resetRules', {}),
    onSuccess: ({ rules, replaced }) => {
      client.setQueryData<AlertRule[]>(alertKeys.rules, rules);
      offerUndo(
        `undo-reset-${Date.now()}`,
        'Rules reset',
        'They are those of a new installation again. Undo brings back yours.',
        async () => {
          const before = await request('alerts.replaceRules', { rules: replaced });
          client.setQueryData<AlertRule[]>(alertKeys.rules, before);
        },
      );
    },
    meta: { failure: 'Resetting the rules failed' },
  });
}

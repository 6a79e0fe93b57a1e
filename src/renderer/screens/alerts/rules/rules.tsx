import { Button } from '@mantine/core';
import { Plus, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { useRules, useStandings } from '../../../alerts/alert-queries.ts';
import { useResetRules } from '../../../alerts/rule-actions.ts';
import { payloadOf } from '../../../data/errors.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from '../alerts-screen.module.css';
import { RuleDialog } from './rule-dialog.tsx';
import { begunRuleId } from './rule-drafts.ts';
import { RuleRow } from './rule-row.tsx';
import { newRule } from './rule-values.ts';

/** How a rule stands changes with each sample; this is often enough to follow by eye. */
const standingsMs = 2000;

interface Editing {
  rule: AlertRule;
  isNew: boolean;
}

/** All rules: on or off, what each watches, how it stands now, and what can be done with it. */
export function Rules() {
  const rules = useRules();
  const linkLost = useLinkLost();
  const standings = useStandings(linkLost ? false : standingsMs);
  const reset = useResetRules();
  const [editing, setEditing] = useState<Editing | null>(null);
  const [opened, setOpened] = useState(false);
  const edit = (rule: AlertRule, isNew: boolean) => {
    setEditing({ rule, isNew });
    setOpened(true);
  };
  const enabledCount = (rules.data ?? []).filter(({ enabled }) => enabled).length;
  return (
    <div className={classes.part}>
      <div className={classes.tools}>
        <p className={classes.dim}>
          {rules.data !== undefined && `${enabledCount} of ${rules.data.length} rules are switched on.`}
        </p>
        <span className={classes.spring} />
        <Button
          variant="subtle"
          leftSection={<RotateCcw size={14} aria-hidden />}
          disabled={linkLost || rules.data === undefined}
          loading={reset.isPending}
          onClick={() => reset.mutate()}
        >
          Reset all rules
        </Button>
        <Button
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          disabled={linkLost || rules.data === undefined}
          onClick={() => edit(newRule(begunRuleId() ?? crypto.randomUUID()), true)}
        >
          Add a rule
        </Button>
      </div>
      {rules.isError && (
        <ErrorNote error={payloadOf(rules.error)}>
          <Button variant="default" loading={rules.isFetching} onClick={() => void rules.refetch()}>
            Try again
          </Button>
        </ErrorNote>
      )}
      {rules.isPending && (
        <p role="status" className={classes.dim}>
          Reading the rules…
        </p>
      )}
      {rules.data?.length === 0 && (
        <p className={classes.dim}>
          There is no rule, so no alert is ever raised. Reset brings back the usual ones.
        </p>
      )}
      {rules.data !== undefined && rules.data.length > 0 && (
        <ul className={classes.rules} aria-label="Rules">
          {rules.data.map((rule) => (
            <RuleRow
              key={rule.ruleId}
              rule={rule}
              standings={standings.data?.filter(({ ruleId }) => ruleId === rule.ruleId) ?? null}
              onEdit={() => edit(rule, false)}
              onDuplicate={() =>
                edit(
                  { ...rule, ruleId: crypto.randomUUID(), name: `${rule.name.slice(0, 113)} (copy)` },
                  true,
                )
              }
            />
          ))}
        </ul>
      )}
      <RuleDialog
        opened={opened}
        rule={editing?.rule ?? null}
        isNew={editing?.isNew ?? false}
        onClose={() => setOpened(false)}
      />
    </div>
  );
}

import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core';
import { ChevronDown, ChevronRight, Copy, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { RuleStanding } from '#shared/model/alert.ts';
import type { AlertRule } from '#shared/model/alert-rule.ts';
import { useDeleteRule, useSwitchRule } from '../../../alerts/rule-actions.ts';
import { SeverityBadge } from '../../../alerts/severity-badge.tsx';
import { useLinkLost } from '../../../data/use-link.ts';
import classes from '../alerts-screen.module.css';
import { draftOf } from './rule-drafts.ts';
import { isChanged } from './rule-values.ts';
import { ruleParts, scopeWords, standingWords } from './rule-words.ts';
import { Standings } from './standings.tsx';

interface Props {
  rule: AlertRule;
  /** Null while not known. */
  standings: readonly RuleStanding[] | null;
  onEdit(): void;
  onDuplicate(): void;
}

/** One rule in words, with how it stands now. */
export function RuleRow({ rule, standings, onEdit, onDuplicate }: Props) {
  const [open, setOpen] = useState(false);
  const nameId = useId();
  const standingsId = useId();
  const switchRule = useSwitchRule();
  const remove = useDeleteRule();
  const linkLost = useLinkLost();
  const enabled = switchRule.isPending ? switchRule.variables.enabled : rule.enabled;
  const worst = standings?.some(({ state }) => state === 'firing') ? 'firing' : undefined;
  return (
    <li className={classes.rule} data-off={!enabled || undefined}>
      <Switch
        size="xs"
        aria-label={`${rule.name}: switched on`}
        disabled={linkLost}
        checked={enabled}
        onChange={(event) => switchRule.mutate({ ...rule, enabled: event.currentTarget.checked })}
      />
      <div className={classes.ruleWords}>
        <p id={nameId} className={classes.sentence}>
          {rule.name}
          {isChanged(rule) && <span className={classes.tag}>changed</span>}
          {draftOf(rule.ruleId) !== null && <span className={classes.tag}>changes not saved</span>}
        </p>
        <p className={classes.ruleParts}>
          {ruleParts(rule).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </p>
      </div>
      <div className={classes.ruleFacts}>
        <SeverityBadge severity={rule.severity} over={!enabled} />
        <span className={classes.dim}>{scopeWords(rule.scope)}</span>
      </div>
      <div className={classes.ruleNow}>
        {enabled && standings !== null && (
          <Button
            variant="subtle"
            size="compact-xs"
            data-standing={worst}
            leftSection={
              open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />
            }
            aria-expanded={open}
            aria-controls={open ? standingsId : undefined}
            aria-describedby={nameId}
            onClick={() => setOpen(!open)}
          >
            {standingWords(standings)}
          </Button>
        )}
        {!enabled && <span className={classes.dim}>Switched off</span>}
      </div>
      <div className={classes.ruleActions}>
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Edit or test ${rule.name}`}
          disabled={linkLost}
          onClick={onEdit}
        >
          Edit or test…
        </Button>
        <Tooltip label="Duplicate">
          <ActionIcon aria-label={`Duplicate ${rule.name}`} disabled={linkLost} onClick={onDuplicate}>
            <Copy size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Delete">
          <ActionIcon
            aria-label={`Delete ${rule.name}`}
            disabled={linkLost}
            loading={remove.isPending}
            onClick={() => remove.mutate(rule)}
          >
            <Trash2 size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      {open && enabled && standings !== null && (
        <div id={standingsId} className={classes.standings}>
          <Standings rule={rule} standings={standings} />
        </div>
      )}
    </li>
  );
}

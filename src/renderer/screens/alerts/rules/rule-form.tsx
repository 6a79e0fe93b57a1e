import { Button, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { alertKindInfo } from '#shared/model/alert-kinds.ts';
import type { AlertRule, AlertSeverity } from '#shared/model/alert-rule.ts';
import { useSaveRule } from '../../../alerts/rule-actions.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from '../alerts-screen.module.css';
import { AmountField } from './amount-field.tsx';
import { KindField } from './kind-field.tsx';
import { draftOf, dropDraft, keepDraft } from './rule-drafts.ts';
import { RuleTest } from './rule-test.tsx';
import {
  checkedRule,
  defaultOf,
  type RuleField,
  type RuleValues,
  sameValues,
  valuesOf,
  withKind,
} from './rule-values.ts';
import { ruleSentence } from './rule-words.ts';
import { ScopeField } from './scope-field.tsx';

interface Props {
  rule: AlertRule;
  isNew: boolean;
  onClose(): void;
}

const figureUnits = { percent: '%', requests: '', samples: '', timeouts: '', days: 'days', ms: '', none: '' };

/** Everything that can be chosen of a rule; a sentence beside each field that keeps it from working. */
export function RuleForm({ rule, isNew, onClose }: Props) {
  const { ruleId } = rule;
  const [values, setValues] = useState<RuleValues>(() => draftOf(ruleId) ?? valuesOf(rule));
  const [touched, setTouched] = useState<ReadonlySet<RuleField>>(new Set());
  const [submitted, setSubmitted] = useState(false);
  const save = useSaveRule();
  const outcome = checkedRule(values);
  const errors = 'errors' in outcome ? outcome.errors : {};
  const shown = (field: RuleField) => (submitted || touched.has(field) ? errors[field] : undefined);
  const { unit, comparison } = alertKindInfo[values.kind];
  const usual = defaultOf(ruleId);
  const isUnsaved = !sameValues(values, valuesOf(rule));

  const set = (next: RuleValues) => {
    setValues(next);
    save.reset();
    if (sameValues(next, valuesOf(rule))) dropDraft(ruleId);
    else keepDraft(next, isNew);
  };
  const change = (part: Partial<RuleValues>, ...fields: RuleField[]) => {
    setTouched(new Set([...touched, ...fields]));
    set({ ...values, ...part });
  };
  const submit = () => {
    setSubmitted(true);
    if (!('rule' in outcome)) return;
    save.mutate(outcome.rule, {
      onSuccess: () => {
        dropDraft(ruleId);
        onClose();
      },
    });
  };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <KindField kind={values.kind} onChange={(kind) => set(withKind(values, kind))} />
      <TextInput
        label="Name"
        value={values.name}
        error={shown('name')}
        onChange={(event) => change({ name: event.currentTarget.value }, 'name')}
      />
      {unit !== 'none' && (
        <div className={classes.pair}>
          <AmountField
            label="Threshold"
            description={`Fires ${comparison === 'atLeast' ? 'at it and above' : comparison === 'over' ? 'above it' : 'below it'}.`}
            value={values.threshold}
            isLength={unit === 'ms'}
            unit={figureUnits[unit]}
            error={shown('threshold')}
            onChange={(threshold) => change({ threshold }, 'threshold', 'clearThreshold')}
          />
          <AmountField
            label="Clear threshold"
            description={`Resolves ${comparison === 'atLeast' ? 'below it' : comparison === 'over' ? 'at it and below' : 'at it and above'}; between the two nothing changes.`}
            value={values.clearThreshold}
            isLength={unit === 'ms'}
            unit={figureUnits[unit]}
            error={shown('clearThreshold')}
            onChange={(clearThreshold) => change({ clearThreshold }, 'clearThreshold')}
          />
        </div>
      )}
      <div className={classes.pair}>
        <AmountField
          label="Duration"
          description="The condition must hold for so long; 0 fires at once."
          value={values.for}
          isLength
          error={shown('for')}
          onChange={(duration) => change({ for: duration }, 'for')}
        />
        <AmountField
          label="Cooldown"
          description="After it resolved, quiet about that connection for so long."
          value={values.cooldown}
          isLength
          error={shown('cooldown')}
          onChange={(cooldown) => change({ cooldown }, 'cooldown')}
        />
      </div>
      <div className={classes.inline}>
        <SegmentedControl
          aria-label="Severity"
          data={[
            { value: 'warning', label: 'Warning' },
            { value: 'critical', label: 'Critical' },
          ]}
          value={values.severity}
          onChange={(severity) => change({ severity: severity as AlertSeverity })}
        />
        <Switch
          size="xs"
          label="Switched on"
          checked={values.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
      </div>
      <ScopeField
        scope={values.scope}
        error={shown('scope')}
        onChange={(scope) => change({ scope }, 'scope')}
      />
      {'rule' in outcome && <p className={classes.ruleSentence}>{ruleSentence(outcome.rule)}</p>}
      <RuleTest rule={'rule' in outcome ? outcome.rule : null} kind={values.kind} onLeave={onClose} />
      {save.isError && <ErrorNote error={payloadOf(save.error)} />}
      <div className={classes.formFoot}>
        {usual !== null && (
          <Button
            variant="subtle"
            disabled={sameValues(values, valuesOf(usual))}
            onClick={() => set(valuesOf(usual))}
          >
            Reset to default
          </Button>
        )}
        <span className={classes.spring} />
        {isUnsaved && !isNew && (
          <Button variant="default" onClick={() => set(valuesOf(rule))}>
            Discard changes
          </Button>
        )}
        {isNew && (
          <Button
            variant="default"
            onClick={() => {
              dropDraft(ruleId);
              onClose();
            }}
          >
            Discard
          </Button>
        )}
        <Button type="submit" disabled={!isUnsaved && !isNew} loading={save.isPending}>
          {isNew ? 'Add rule' : 'Save'}
        </Button>
      </div>
    </form>
  );
}

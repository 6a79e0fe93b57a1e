import * as z from 'zod/mini';
import { defaultAlertRules } from '#shared/model/alert-defaults.ts';
import { alertKinds } from '#shared/model/alert-kinds.ts';
import { type AlertRule, alertRuleSchema } from '#shared/model/alert-rule.ts';
import { EngineError } from '../../base/errors.ts';
import { type FileDeps, jsonFile } from '../../base/json-file.ts';
import { createSerialQueue } from '../../base/serial-queue.ts';

const mostRules = 500;

/** A steady order: kinds as they are declared, the critical ones first, then by name. */
function inOrder(rules: readonly AlertRule[]): AlertRule[] {
  const rank = ({ kind, severity }: AlertRule) =>
    alertKinds.indexOf(kind) * 2 + (severity === 'critical' ? 0 : 1);
  return [...rules].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** The rules, in a file of the data folder. Changes are on disk before they take effect. */
export class RuleBook {
  readonly #file;
  readonly #inTurn = createSerialQueue();
  readonly #onChanged: (rules: AlertRule[]) => void;
  #rules: AlertRule[] = inOrder(defaultAlertRules);

  constructor(deps: FileDeps, onChanged: (rules: AlertRule[]) => void) {
    this.#onChanged = onChanged;
    this.#file = jsonFile(deps, {
      fileName: 'alert-rules.json',
      what: 'The list of alert rules',
      schema: z.array(alertRuleSchema),
      empty: [...defaultAlertRules],
    });
  }

  async load(): Promise<void> {
    this.#rules = inOrder(await this.#file.load());
  }

  list(): AlertRule[] {
    return this.#rules;
  }

  get(ruleId: string): AlertRule | null {
    return this.#rules.find((rule) => rule.ruleId === ruleId) ?? null;
  }

  /** @throws EngineError `storage_failed`, `bad_input` when there are too many */
  save(rule: AlertRule): Promise<void> {
    return this.#change((rules) => {
      const others = rules.filter(({ ruleId }) => ruleId !== rule.ruleId);
      if (others.length >= mostRules) {
        throw new EngineError('bad_input', `There can be at most ${mostRules} rules.`, {
          remedy: 'Delete one that is not needed.',
        });
      }
      return [...others, rule];
    });
  }

  /** @throws EngineError `not_found`, `storage_failed` */
  async delete(ruleId: string): Promise<AlertRule> {
    const rule = this.get(ruleId);
    if (rule === null) throw new EngineError('not_found', 'That rule is not there any more.');
    await this.#change((rules) => rules.filter((other) => other.ruleId !== ruleId));
    return rule;
  }

  /** Answers with what was there before. @throws EngineError `storage_failed` */
  async replace(rules: readonly AlertRule[]): Promise<AlertRule[]> {
    const before = this.#rules;
    const byId = new Map(rules.map((rule) => [rule.ruleId, rule]));
    await this.#change(() => [...byId.values()]);
    return before;
  }

  #change(next: (rules: readonly AlertRule[]) => AlertRule[]): Promise<void> {
    return this.#inTurn(async () => {
      const rules = inOrder(next(this.#rules));
      await this.#file.save(rules);
      this.#rules = rules;
      this.#onChanged(rules);
    });
  }
}

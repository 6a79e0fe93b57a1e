import { Checkbox, Select, TextInput } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { type QueryType, queryTypes } from '#shared/model/query.ts';
import { emptyBox } from './parameter-values.ts';
import classes from './statement.module.css';
import type { StatementModel } from './statement-model.ts';

interface Props {
  statement: StatementModel;
  /** What is wrong with a value, by field name as the engine has it: `parameters.0`. */
  problems: Record<string, string>;
  /** What the server takes each for, where that is known. */
  inferred: readonly string[];
  onEnter?(): void;
}

/** A box for each `$n` of the text, with its type and NULL. Nothing where the text has none. */
export function ParameterBoxes({ statement, problems, inferred, onEnter }: Props) {
  const { editor } = statement;
  const count = useSyncExternalStore(editor.subscribe, () => editor.scan().highestParameter);
  const { boxes } = useSyncExternalStore(statement.subscribe, statement.options);
  if (count === 0) return null;
  return (
    <fieldset className={classes.parameters} onFocus={onEnter}>
      <legend className={classes.legend}>Parameters</legend>
      {Array.from({ length: Math.min(count, 1000) }, (_, index) => {
        const { type, text, isNull } = boxes[index] ?? emptyBox;
        const name = `$${index + 1}`;
        return (
          <div key={name} className={classes.parameter}>
            <span className={classes.parameterName} aria-hidden>
              {name}
            </span>
            <TextInput
              className={classes.parameterValue}
              aria-label={`Value of ${name}`}
              autoComplete="off"
              spellCheck={false}
              placeholder={isNull ? 'NULL' : ''}
              disabled={isNull}
              value={isNull ? '' : text}
              error={problems[`parameters.${index}`]}
              onChange={(event) => statement.setBox(index, { text: event.currentTarget.value })}
            />
            <Select
              className={classes.parameterType}
              aria-label={`Type of ${name}`}
              searchable
              data={[
                {
                  value: '',
                  label: inferred[index] === undefined ? 'inferred' : `inferred: ${inferred[index]}`,
                },
                ...queryTypes.map((value) => ({ value, label: value })),
              ]}
              value={type ?? ''}
              allowDeselect={false}
              onChange={(value) =>
                statement.setBox(index, { type: value === '' ? null : (value as QueryType | null) })
              }
            />
            <Checkbox
              label="NULL"
              aria-label={`${name} is NULL`}
              size="xs"
              checked={isNull}
              onChange={(event) => statement.setBox(index, { isNull: event.currentTarget.checked })}
            />
          </div>
        );
      })}
    </fieldset>
  );
}

import { Input, NativeSelect, NumberInput } from '@mantine/core';
import { useId } from 'react';
import classes from '../alerts-screen.module.css';
import { type Amount, lengthUnits } from './rule-values.ts';

interface Props {
  label: string;
  description: string;
  value: Amount;
  /** Whether it is a length of time, whose unit is chosen beside it. */
  isLength: boolean;
  /** What stands behind the number where it is none: "%". */
  unit?: string;
  error: string | undefined;
  onChange(value: Amount): void;
}

/** A number with its unit. Nothing typed is taken away: what cannot be is said. */
export function AmountField({ label, description, value, isLength, unit = '', error, onChange }: Props) {
  const id = useId();
  const unitLabel = lengthUnits.find((known) => Number(known.value) === value.unit)?.label ?? 'ms';
  return (
    <Input.Wrapper
      id={id}
      label={label}
      description={description}
      error={error}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
    >
      <div className={classes.amount}>
        <NumberInput
          id={id}
          className={classes.amountNumber ?? ''}
          clampBehavior="none"
          allowNegative
          value={value.amount}
          error={error !== undefined}
          aria-describedby={`${error === undefined ? '' : `${id}-error `}${id}-description`}
          suffix={unit === '' ? '' : ` ${unit}`}
          onChange={(amount) => onChange({ ...value, amount })}
        />
        {isLength && (
          <NativeSelect
            size="xs"
            aria-label={`Unit of ${label.toLowerCase()}: ${unitLabel}`}
            data={[...lengthUnits]}
            value={String(value.unit)}
            onChange={(event) => onChange({ ...value, unit: Number(event.currentTarget.value) })}
          />
        )}
      </div>
    </Input.Wrapper>
  );
}

import { Checkbox, SegmentedControl } from '@mantine/core';
import { useId } from 'react';
import type { Advice } from '#shared/model/advice.ts';
import { type LabSeconds, labIsLongEnough, labLimits, labSeconds } from '#shared/model/lab.ts';
import { formatDuration } from '../../../../charts/formats.ts';
import classes from './lab.module.css';
import { toggled } from './lab-sizes.ts';

interface Props {
  advice: Advice;
  sizes: readonly number[];
  seconds: LabSeconds;
  disabled: boolean;
  onSizes(sizes: number[]): void;
  onSeconds(seconds: LabSeconds): void;
}

/** Which sizes, of those predicted, and how long each is measured. */
export function LabChoices({ advice, sizes, seconds, disabled, onSizes, onSeconds }: Props) {
  const { predictions, settings, recommended } = advice;
  const secondsId = useId();
  const isFull = sizes.length >= labLimits.sizes;
  const what = (size: number, waitP95Ms: number | null): string => {
    const marks = [
      ...(size === settings.max ? ['now'] : []),
      ...(size === recommended?.max ? ['recommended'] : []),
    ];
    const wait = waitP95Ms === null ? 'wait grows without end' : `wait p95 ${formatDuration(waitP95Ms)}`;
    return [...marks, wait].join(', ');
  };
  return (
    <div className={classes.choices}>
      <fieldset className={classes.sizes} disabled={disabled}>
        <legend>Sizes to check, at most {labLimits.sizes}</legend>
        <div className={classes.boxes}>
          {predictions.map(({ size, waitP95Ms }) => (
            <Checkbox
              key={size}
              size="xs"
              checked={sizes.includes(size)}
              disabled={disabled || (isFull && !sizes.includes(size))}
              label={
                <>
                  <strong>{size}</strong> <span className={classes.dim}>{what(size, waitP95Ms)}</span>
                </>
              }
              onChange={() => onSizes(toggled(sizes, size))}
            />
          ))}
        </div>
      </fieldset>
      <div className={classes.seconds}>
        <span id={secondsId}>Measured for each size</span>
        <SegmentedControl
          aria-labelledby={secondsId}
          disabled={disabled}
          data={labSeconds.map((choice) => ({
            value: String(choice),
            label: `${choice} s`,
            // Too short for a connection to come back often enough.
            disabled: !labIsLongEnough(choice, advice.demand?.holdMs ?? 0),
          }))}
          value={String(seconds)}
          onChange={(value) => onSeconds(labSeconds.find((choice) => String(choice) === value) ?? seconds)}
        />
      </div>
    </div>
  );
}

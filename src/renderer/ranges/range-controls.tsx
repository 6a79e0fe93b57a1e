import { ActionIcon, NativeSelect, SegmentedControl, Tooltip } from '@mantine/core';
import { ChevronLeft, ChevronRight, Undo2, ZoomOut } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { Zone } from '../time/zone.ts';
import { ZoneSwitch } from '../time/zone-switch.tsx';
import { type CompareWith, choicesFor } from './compare.ts';
import classes from './range.module.css';
import { presets, type Range, spanOf } from './range.ts';
import { RangeBox } from './range-box.tsx';
import { rangeStore } from './range-store.ts';

interface Props {
  range: Range;
  /** There is a zoom to undo. */
  zoomed: boolean;
  /** Null where nothing can be compared. */
  compareWith: CompareWith | null;
  zone: Zone;
}

const presetData = presets.map(({ label, spanMs }) => ({ label, value: String(spanMs) }));
/** Everything that chooses what span of time the charts show, and by whose clock. */
export const RangeControls = memo(function RangeControls({ range, zoomed, compareWith, zone }: Props) {
  const spanMs = spanOf(range);
  const choices = choicesFor(spanMs);
  const chosen = choices.find(({ value }) => value === compareWith)?.value ?? 'nothing';
  return (
    <>
      <SegmentedControl
        aria-label="Range"
        data={presetData}
        value={range.kind === 'live' ? String(range.spanMs) : ''}
        onChange={(value) => rangeStore.choose({ kind: 'live', spanMs: Number(value) })}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div className={classes.steps} role="group" aria-label="Move the range">
        <Step label="Earlier" keys="," onClick={() => rangeStore.step(-1)}>
          <ChevronLeft size={16} aria-hidden />
        </Step>
        <RangeBox range={range} zone={zone} onChoose={choose} />
        <Step label="Later" keys="." disabled={range.kind === 'live'} onClick={() => rangeStore.step(1)}>
          <ChevronRight size={16} aria-hidden />
        </Step>
        <Step label="Zoom out" keys="-" onClick={() => rangeStore.zoomOut()}>
          <ZoomOut size={15} aria-hidden />
        </Step>
        <Step label="Undo the zoom" keys="Esc" disabled={!zoomed} onClick={() => rangeStore.back()}>
          <Undo2 size={15} aria-hidden />
        </Step>
      </div>
      {compareWith !== null && (
        <NativeSelect
          size="xs"
          className={classes.compare}
          aria-label="Compare with an earlier range"
          data={choices}
          value={chosen}
          onChange={(event) => rangeStore.compare(event.currentTarget.value as CompareWith)}
        />
      )}
      <ZoneSwitch />
    </>
  );
});

const choose = (range: Range) => rangeStore.choose(range);

interface StepProps {
  label: string;
  /** The key that does the same on a focused chart. */
  keys: string;
  disabled?: boolean;
  onClick(): void;
  children: ReactNode;
}

function Step({ label, keys, disabled = false, onClick, children }: StepProps) {
  return (
    <Tooltip label={`${label} (${keys} on a chart)`}>
      {/* A button that has nothing to do keeps the focus it has; it only says so. */}
      <ActionIcon
        aria-label={label}
        aria-disabled={disabled}
        {...(disabled ? { 'data-disabled': true } : { onClick })}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

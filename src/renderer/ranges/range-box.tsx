import { ActionIcon, Popover, TextInput } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { type KeyboardEvent, memo, useId, useRef, useState } from 'react';
import { engineNowMs } from '../data/engine-clock.ts';
import type { Zone } from '../time/zone.ts';
import { parseRange } from './parse-range.ts';
import classes from './range.module.css';
import { type Range, spanOf } from './range.ts';
import { RangePickers } from './range-pickers.tsx';
import { formatSpan, rangeLabel } from './range-words.ts';

interface Props {
  range: Range;
  zone: Zone;
  onChoose(range: Range): void;
}

const examples = ['13h', 'last 3 days', 'yesterday 9:00 to 10:30', 'now-2h to now-1h', 'since monday 8:00'];

/** The range in words; typing another one or picking two times changes it. */
export const RangeBox = memo(function RangeBox({ range, zone, onChoose }: Props) {
  const [opened, setOpened] = useState(false);
  /** Null while nothing has been typed. */
  const [typed, setTyped] = useState<string | null>(null);
  /** What was typed has been submitted: now a problem may be named. */
  const [tried, setTried] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const messageId = useId();
  const nowMs = engineNowMs();
  const parsed = typed === null ? null : parseRange(typed, { nowMs, zone });
  const problem = tried && parsed?.ok === false ? parsed.message : null;

  const close = () => {
    setOpened(false);
    setTyped(null);
    setTried(false);
  };
  const choose = (chosen: Range) => {
    close();
    onChoose(chosen);
  };
  const submit = () => {
    if (parsed === null) return close();
    if (parsed.ok) return choose(parsed.range);
    setTried(true);
    setOpened(true);
  };
  const onInputKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') submit();
    else if (event.key === 'ArrowDown') setOpened(true);
    else if (event.key === 'Escape' && (opened || typed !== null)) close();
    else return;
    event.preventDefault();
  };
  const onDropdownKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
    input.current?.focus();
  };

  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close()}
      position="bottom-start"
      withinPortal={false}
      withRoles={false}
      closeOnEscape={false}
      shadow="md"
    >
      <Popover.Target>
        <TextInput
          ref={input}
          className={classes.box}
          aria-label="Type a range"
          aria-describedby={opened ? messageId : undefined}
          aria-invalid={problem !== null}
          error={problem !== null}
          withErrorStyles
          spellCheck={false}
          autoComplete="off"
          value={typed ?? rangeLabel(range, zone, nowMs)}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setTried(false);
            setOpened(true);
          }}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => setOpened(true)}
          onKeyDown={onInputKey}
          rightSection={
            <ActionIcon
              size="sm"
              aria-label="Pick two times"
              aria-expanded={opened}
              onClick={() => (opened ? close() : setOpened(true))}
            >
              <CalendarClock size={14} aria-hidden />
            </ActionIcon>
          }
        />
      </Popover.Target>
      <Popover.Dropdown
        className={classes.dropdown}
        role="group"
        aria-label="Choose a range"
        onKeyDown={onDropdownKey}
      >
        <div id={messageId} className={classes.message}>
          {problem !== null ? (
            <p role="alert" className={classes.problem}>
              {problem}
            </p>
          ) : parsed?.ok ? (
            <p>
              Enter shows <strong>{rangeLabel(parsed.range, zone, nowMs)}</strong>
              {parsed.range.kind === 'fixed' && ` (${formatSpan(spanOf(parsed.range))})`}
            </p>
          ) : (
            <p>Type a range and press Enter, or choose one of these:</p>
          )}
        </div>
        <div className={classes.examples}>
          {examples.map((example) => (
            <button
              key={example}
              type="button"
              onClick={() => {
                const meant = parseRange(example, { nowMs: engineNowMs(), zone });
                if (meant.ok) choose(meant.range);
              }}
            >
              {example}
            </button>
          ))}
        </div>
        <RangePickers key={zone} range={range} zone={zone} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  );
});

import { Button, Checkbox, CloseButton, NativeSelect, Select, TextInput } from '@mantine/core';
import { useCallback, useDeferredValue, useMemo } from 'react';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { SessionAction } from '#shared/contract/sessions.ts';
import type { BlockingNode } from '#shared/model/sessions/blocking.ts';
import { filterInWords, stateWords } from '#shared/model/sessions/filter.ts';
import type { Session, SessionState } from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { DataTable } from '../../../kit/data-table/data-table.tsx';
import { ReasonedButton } from '../../../kit/reasoned-button.tsx';
import type { ActionAsked } from './action-dialog.tsx';
import { rowsOfSessions, type SessionRow, sessionColumns, toneOfRow } from './session-columns.tsx';
import {
  countBy,
  hasConditions,
  matchesShown,
  noFilter,
  type ShownFilter,
  withCondition,
} from './session-filter.ts';
import classes from './sessions.module.css';

interface Props {
  profile: ProfileView;
  list: SessionList | null;
  forest: readonly BlockingNode[];
  shown: ShownFilter;
  onShow(shown: ShownFilter): void;
  openKey: string | null;
  onOpen(session: Session): void;
  onAct(asked: ActionAsked): void;
}

const idOf = (row: SessionRow) => row.key;
const sortedBy = { key: 'xactAge', largestFirst: true };

/** Every session, with what narrows them down and what can be done to those left. */
export function SessionTable({ profile, list, forest, shown, onShow, openKey, onOpen, onAct }: Props) {
  const rows = useMemo(() => (list === null ? [] : rowsOfSessions(list, forest)), [list, forest]);
  // A letter shows at once; the rows follow when there is time between frames.
  const applied = useDeferredValue(shown);
  const matching = useMemo(
    () => new Set(rows.filter(({ session, nowMs }) => matchesShown(applied, session, nowMs))),
    [rows, applied],
  );
  const total = useMemo(
    () => (applied.everything ? rows.length : rows.filter(({ session }) => session.kind === 'client').length),
    [rows, applied.everything],
  );
  const openRow = useCallback(({ session }: SessionRow) => onOpen(session), [onOpen]);
  return (
    <DataTable
      label="Sessions"
      name="sessions"
      columns={sessionColumns}
      items={rows}
      matching={matching}
      total={total}
      idOf={idOf}
      sortedBy={sortedBy}
      filterKey={JSON.stringify(applied)}
      openId={openKey}
      onOpen={openRow}
      toneOf={toneOfRow}
      emptyText={
        list === null
          ? 'No sample yet.'
          : total === 0
            ? 'No client session is connected, apart from Poolscope’s own watcher.'
            : 'No session matches the filter.'
      }
      tools={
        <>
          <FilterBar list={list} shown={shown} onShow={onShow} />
          <GroupActions profile={profile} shown={shown} count={matching.size} onAct={onAct} />
        </>
      }
    />
  );
}

const stateChoices: { value: string; label: string; states: SessionState[] | undefined }[] = [
  { value: '', label: 'Any state', states: undefined },
  { value: 'active', label: stateWords.active, states: ['active'] },
  { value: 'idle', label: stateWords.idle, states: ['idle'] },
  {
    value: 'idleInTransaction',
    label: stateWords.idleInTransaction,
    states: ['idleInTransaction', 'idleInTransactionAborted'],
  },
  {
    value: 'aborted',
    label: stateWords.idleInTransactionAborted,
    states: ['idleInTransactionAborted'],
  },
  { value: 'unknown', label: stateWords.unknown, states: ['unknown'] },
];

const ageChoices = [
  { value: '', label: 'Any time in state' },
  { value: '10000', label: 'over 10 s' },
  { value: '60000', label: 'over 1 min' },
  { value: '600000', label: 'over 10 min' },
  { value: '3600000', label: 'over 1 h' },
];

function FilterBar({ list, shown, onShow }: Pick<Props, 'list' | 'shown' | 'onShow'>) {
  const { filter } = shown;
  const applications = useMemo(() => {
    const found = countBy(list?.sessions.values() ?? [], ({ application }) => application);
    const names = found.map(([name]) => name);
    const chosen = (filter.applications ?? []).filter((name) => !names.includes(name));
    return [...found, ...chosen.map((name): [string, number] => [name, 0])].map(([name, count]) => ({
      value: `=${name}`,
      label: `${name || '(no application name)'} · ${count}`,
    }));
  }, [list, filter.applications]);
  const state =
    stateChoices.find(({ states }) => JSON.stringify(states) === JSON.stringify(filter.states))?.value ?? '';
  const others = [
    ...named('users', 'user', filter.users),
    ...named('databases', 'database', filter.databases),
    ...named('addresses', 'address', filter.addresses),
  ];
  return (
    <>
      <TextInput
        className={classes.search ?? ''}
        aria-label="Search sessions"
        placeholder="Search pid, name, query, wait"
        value={shown.text}
        onChange={(event) => onShow({ ...shown, text: event.currentTarget.value })}
        rightSection={
          shown.text === '' ? null : (
            <CloseButton
              size="xs"
              aria-label="Clear the search"
              onClick={() => onShow({ ...shown, text: '' })}
            />
          )
        }
      />
      <NativeSelect
        size="xs"
        aria-label="State"
        data={stateChoices.map(({ value, label }) => ({ value, label }))}
        value={state}
        onChange={(event) => {
          const chosen = stateChoices.find(({ value }) => value === event.currentTarget.value);
          onShow(withCondition(shown, 'states', chosen?.states));
        }}
      />
      <NativeSelect
        size="xs"
        aria-label="Time in state"
        data={ageChoices}
        value={String(filter.minStateAgeMs ?? '')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onShow(withCondition(shown, 'minStateAgeMs', value === '' ? undefined : Number(value)));
        }}
      />
      <Select
        className={classes.application ?? ''}
        aria-label="Application"
        placeholder="Any application"
        data={applications}
        value={filter.applications === undefined ? null : `=${filter.applications[0]}`}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Any application' }}
        onChange={(value) =>
          onShow(withCondition(shown, 'applications', value === null ? undefined : [value.slice(1)]))
        }
      />
      {others.map(({ key, label, value }) => (
        <span key={key} className={classes.condition}>
          {label} <bdi>{value || '(none)'}</bdi>
          <CloseButton
            size="xs"
            aria-label={`Any ${label}`}
            onClick={() => onShow(withCondition(shown, key, undefined))}
          />
        </span>
      ))}
      <Checkbox
        size="xs"
        label="Server processes"
        checked={shown.everything}
        onChange={(event) => onShow({ ...shown, everything: event.currentTarget.checked })}
      />
      {(hasConditions(filter) || shown.text !== '') && (
        <Button variant="subtle" size="compact-xs" onClick={() => onShow(noFilter)}>
          Clear
        </Button>
      )}
    </>
  );
}

function named<K extends 'users' | 'databases' | 'addresses'>(
  key: K,
  label: string,
  values: string[] | undefined,
) {
  return values === undefined ? [] : [{ key, label, value: values.join(', ') }];
}

interface GroupProps {
  profile: ProfileView;
  shown: ShownFilter;
  count: number;
  onAct(asked: ActionAsked): void;
}

/** Cancel or terminate everything the filter leaves. */
function GroupActions({ profile, shown, count, onAct }: GroupProps) {
  const reason = groupRefusal(profile, shown, count);
  const ask = (action: SessionAction) =>
    onAct({ action, target: { kind: 'group', filter: shown.filter }, what: filterInWords(shown.filter) });
  return (
    <div className={classes.groupActions}>
      <ReasonedButton reason={reason} onClick={() => ask('cancel')}>
        Cancel these…
      </ReasonedButton>
      <ReasonedButton reason={reason} onClick={() => ask('terminate')}>
        Terminate these…
      </ReasonedButton>
    </div>
  );
}

/** Why the group cannot be acted upon now; null when it can. */
export function groupRefusal(
  profile: Pick<ProfileView, 'readOnly' | 'name'>,
  shown: ShownFilter,
  count: number,
): string | null {
  if (profile.readOnly) return `${profile.name} is marked read-only: nothing is changed on its server.`;
  if (!hasConditions(shown.filter)) return 'Choose a state, an application or another filter first.';
  if (shown.text.trim() !== '') return 'Clear the search first: a group goes by its filters alone.';
  if (shown.everything) return 'Take “Server processes” away first: only client sessions are acted upon.';
  if (count === 0) return 'No session matches the filter.';
  return null;
}

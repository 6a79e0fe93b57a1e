import { Button, Checkbox, CloseButton, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { PoolerSetting } from '#shared/model/pooler.ts';
import { request } from '../../bridge/client.ts';
import { noValue } from '../../charts/formats.ts';
import { payloadOf } from '../../data/errors.ts';
import { DataTable } from '../../kit/data-table/data-table.tsx';
import type { TableColumn } from '../../kit/data-table/table-column.ts';
import { ErrorNote } from '../../kit/error-note.tsx';
import { commandRefusal } from './command-rights.ts';
import classes from './pgbouncer.module.css';
import type { PoolerPart } from './pooler-head.tsx';

const columns: readonly TableColumn<PoolerSetting>[] = [
  { key: 'key', label: 'Setting', widthPx: 240, value: ({ key }) => key },
  {
    key: 'value',
    label: 'Value',
    widthPx: 220,
    grows: true,
    value: ({ value }) => value,
    cell: ({ value, default: standard }) =>
      value === null ? null : (
        <span title={value} className={standard !== null && value !== standard ? classes.changed : undefined}>
          {value === '' ? '(empty)' : value}
        </span>
      ),
  },
  {
    key: 'default',
    label: 'Default',
    widthPx: 200,
    value: ({ default: standard }) => standard,
    cell: ({ default: standard }) =>
      standard === null ? noValue : <span title={standard}>{standard || '(empty)'}</span>,
  },
  {
    key: 'changeable',
    label: 'Can be set',
    about: 'Whether SET takes effect without a restart',
    widthPx: 120,
    value: ({ changeable }) => changeable,
  },
];

/** The pooler's settings: searched, and changed where the pooler takes a change while it runs. */
export function ConfigurationTab({ profile, pooler, onCommand }: PoolerPart) {
  const { profileId } = profile;
  const settings = useQuery({
    queryKey: ['pgbouncer.settings', profileId],
    queryFn: ({ signal }) => request('pgbouncer.settings', { profileId }, { signal }),
    // Nobody tells when it was changed from elsewhere.
    refetchInterval: 10_000,
  });
  const [text, setText] = useState('');
  const [changedOnly, setChangedOnly] = useState(false);
  const [openKey, setOpenKey] = useState<string | null>(null);
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return (settings.data ?? none).filter(
      ({ key, value, default: standard }) =>
        (!changedOnly || (standard !== null && value !== standard)) &&
        (wanted === '' || `${key}\n${value}`.toLowerCase().includes(wanted)),
    );
  }, [settings.data, text, changedOnly]);
  if (settings.data === undefined) {
    return settings.isError ? (
      <ErrorNote error={payloadOf(settings.error)} />
    ) : (
      <p role="status">Asking the console…</p>
    );
  }
  const open = settings.data.find(({ key }) => key === openKey) ?? null;
  return (
    <div className={classes.tab}>
      {settings.isError && <ErrorNote error={payloadOf(settings.error)} />}
      <DataTable
        label="Settings of the pooler"
        name="configuration"
        columns={columns}
        items={shown}
        total={settings.data.length}
        idOf={({ key }) => key}
        sortedBy={{ key: 'key', largestFirst: false }}
        filterKey={`${changedOnly} ${text}`}
        openId={openKey}
        onOpen={({ key }) => setOpenKey(key)}
        emptyText="No setting matches."
        tools={
          <>
            <TextInput
              className={classes.search ?? ''}
              aria-label="Search settings"
              placeholder="Search settings and values"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              rightSection={
                text === '' ? null : (
                  <CloseButton size="xs" aria-label="Clear the search" onClick={() => setText('')} />
                )
              }
            />
            <Checkbox
              size="xs"
              label="Other than the default"
              checked={changedOnly}
              onChange={(event) => setChangedOnly(event.currentTarget.checked)}
            />
            <p className={classes.dim}>A row leads to changing it.</p>
          </>
        }
      />
      <ChangeDialog
        setting={open}
        refusal={commandRefusal(profile, pooler, 'set')}
        onClose={() => setOpenKey(null)}
        onChange={(key, value) => {
          setOpenKey(null);
          onCommand({ kind: 'set', key, value });
        }}
      />
    </div>
  );
}

const none: PoolerSetting[] = [];

interface DialogProps {
  setting: PoolerSetting | null;
  refusal: string | null;
  onClose(): void;
  onChange(key: string, value: string): void;
}

function ChangeDialog({ setting, refusal, onClose, onChange }: DialogProps) {
  const last = useRef<PoolerSetting | null>(null);
  if (setting !== null) last.current = setting;
  const shown = setting ?? last.current;
  return (
    <Modal
      opened={setting !== null}
      onClose={onClose}
      title={shown?.key ?? ''}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close and leave the setting' }}
    >
      {shown !== null && (
        <ChangeForm key={shown.key} setting={shown} refusal={refusal} onClose={onClose} onChange={onChange} />
      )}
    </Modal>
  );
}

function ChangeForm({ setting, refusal, onClose, onChange }: DialogProps & { setting: PoolerSetting }) {
  const [value, setValue] = useState(setting.value ?? '');
  const reason = setting.changeable
    ? refusal
    : 'PgBouncer takes this one from its file at its start only; a change here would do nothing.';
  return (
    <form
      className={classes.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === null && value !== setting.value) onChange(setting.key, value);
      }}
    >
      <TextInput
        data-autofocus
        label="Value"
        description={
          setting.default === null
            ? undefined
            : `Default: ${setting.default === '' ? '(empty)' : setting.default}`
        }
        value={value}
        readOnly={reason !== null}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <p>{reason ?? 'It holds until the pooler restarts or reloads its file, which is not changed.'}</p>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose}>
          {reason === null ? 'Leave it' : 'Close'}
        </Button>
        {reason === null && (
          <Button type="submit" disabled={value === setting.value}>
            Go on…
          </Button>
        )}
      </div>
    </form>
  );
}

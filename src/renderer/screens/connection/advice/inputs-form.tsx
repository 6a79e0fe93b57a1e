import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Advice, type AdviceInputs, adviceInputsSchema } from '#shared/model/advice.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { Panel } from '../../../kit/panel.tsx';
import classes from './advice.module.css';
import type { Typed } from './number-values.ts';
import { adviceKey } from './use-advice.ts';

type Field = keyof AdviceInputs;

interface FieldWords {
  name: Field;
  label: string;
  description: string;
}

const fields: readonly FieldWords[] = [
  {
    name: 'targetWaitMs',
    label: 'Target wait p95 (ms)',
    description: 'What 95 of 100 requests should stay under',
  },
  {
    name: 'instances',
    label: 'Application instances',
    description: 'Processes, each with a pool like this one',
  },
  {
    name: 'connectionsPerTask',
    label: 'Connections per task',
    description: 'Held by one task at the same time; nearly always 1',
  },
  { name: 'serverCores', label: 'Cores of the server', description: 'Tells a slow server from a small pool' },
];

const blank = '' as const;

/** What only the user knows; saved with the connection, and the advice follows. */
export function InputsForm({ profileId, advice }: { profileId: string; advice: Advice }) {
  const client = useQueryClient();
  const [edited, setEdited] = useState<Partial<Record<Field, Typed>>>({});
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({});
  const { inputs, cores } = advice;
  const typedOf = (name: Field): Typed => edited[name] ?? inputs[name] ?? blank;
  const unchanged = fields.every(({ name }) => typedOf(name) === (inputs[name] ?? blank));
  const save = useMutation({
    mutationFn: (next: AdviceInputs) => request('advisor.setInputs', { profileId, inputs: next }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [adviceKey, profileId] });
      setEdited({});
    },
    meta: { shownInPlace: true },
  });
  const submit = () => {
    const number = (typed: Typed) => (typed === blank ? Number.NaN : Number(typed));
    const cores = typedOf('serverCores');
    const parsed = adviceInputsSchema.safeParse({
      targetWaitMs: number(typedOf('targetWaitMs')),
      instances: number(typedOf('instances')),
      connectionsPerTask: number(typedOf('connectionsPerTask')),
      serverCores: cores === blank ? null : number(cores),
    });
    const found: Partial<Record<Field, string>> = {};
    for (const { path, message } of parsed.error?.issues ?? []) found[path[0] as Field] ??= message;
    setErrors(found);
    if (parsed.success) save.mutate(parsed.data);
  };

  return (
    <Panel title="What only you know">
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className={classes.fields}>
          {fields.map(({ name, label, description }) => (
            <NumberInput
              key={name}
              label={label}
              description={description}
              placeholder={
                name !== 'serverCores'
                  ? ''
                  : cores?.source === 'machine'
                    ? `${cores.count}, this machine’s`
                    : 'Unknown'
              }
              min={1}
              clampBehavior="none"
              allowDecimal={false}
              value={typedOf(name)}
              error={errors[name]}
              onChange={(value) => {
                setEdited({ ...edited, [name]: value });
                setErrors({ ...errors, [name]: undefined });
                save.reset();
              }}
            />
          ))}
        </div>
        {save.isError && <ErrorNote error={payloadOf(save.error)} />}
        <div className={classes.buttons}>
          <span role="status" className={classes.dim}>
            {save.isSuccess && unchanged && 'Saved.'}
          </span>
          <Button type="submit" variant="default" disabled={unchanged} loading={save.isPending}>
            Save and advise anew
          </Button>
        </div>
      </form>
    </Panel>
  );
}

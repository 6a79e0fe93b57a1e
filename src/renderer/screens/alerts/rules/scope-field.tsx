import { Checkbox, Input, Radio } from '@mantine/core';
import type { AlertScope } from '#shared/model/alert-rule.ts';
import { useProfiles } from '../../../data/queries.ts';
import classes from '../alerts-screen.module.css';

interface Props {
  scope: AlertScope;
  error: string | undefined;
  onChange(scope: AlertScope): void;
}

/** Which connections a rule watches. */
export function ScopeField({ scope, error, onChange }: Props) {
  const profiles = useProfiles().data ?? [];
  const chosen = scope.kind === 'chosen' ? scope.profileIds : [];
  const gone = chosen.filter((id) => profiles.every(({ profileId }) => profileId !== id));
  const choices = [
    ...profiles.map(({ profileId, name }) => ({ profileId, name })),
    ...gone.map((profileId) => ({ profileId, name: 'A connection that was deleted' })),
  ];
  return (
    <div>
      <Radio.Group
        label="Watches"
        size="xs"
        value={scope.kind}
        onChange={(kind) =>
          onChange(kind === 'all' ? { kind: 'all' } : { kind: 'chosen', profileIds: chosen })
        }
      >
        <div className={classes.radios}>
          <Radio size="xs" value="all" label="All connections, later ones too" />
          <Radio size="xs" value="chosen" label="Chosen ones" />
        </div>
      </Radio.Group>
      {scope.kind === 'chosen' && (
        <fieldset className={classes.scope}>
          <legend className={classes.hidden}>Connections that the rule watches</legend>
          {choices.map(({ profileId, name }) => (
            <Checkbox
              key={profileId}
              size="xs"
              label={<bdi>{name}</bdi>}
              checked={chosen.includes(profileId)}
              onChange={(event) =>
                onChange({
                  kind: 'chosen',
                  profileIds: event.currentTarget.checked
                    ? [...chosen, profileId]
                    : chosen.filter((id) => id !== profileId),
                })
              }
            />
          ))}
          {choices.length === 0 && <p className={classes.dim}>There is no connection yet.</p>}
        </fieldset>
      )}
      {error !== undefined && <Input.Error>{error}</Input.Error>}
    </div>
  );
}

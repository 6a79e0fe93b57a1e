import { Button, Modal } from '@mantine/core';
import type { ProfileView } from '#shared/contract/profiles.ts';
import { targetOf } from '../../kit/target-of.ts';
import classes from '../../query/query-layout.module.css';

interface Props {
  opened: boolean;
  writing: readonly ProfileView[];
  refusing: readonly ProfileView[];
  onClose(): void;
  onConfirm(): void;
}

/** Writing on several servers at once cannot be taken back: it says where before it does. */
export function WriteDialog({ opened, writing, refusing, onClose, onConfirm }: Props) {
  const databases = writing.length === 1 ? '1 database' : `${writing.length} databases`;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Write on ${databases}?`}
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <p>What the statement changes stays, on each of them by itself:</p>
        <ul className={classes.names}>
          {writing.map((profile) => (
            <li key={profile.profileId}>
              <bdi>{profile.name}</bdi> <span className={classes.modeNote}>{targetOf(profile)}</span>
            </li>
          ))}
        </ul>
        {refusing.length > 0 && (
          <p>
            {refusing.length === 1 ? 'One does not allow writing' : `${refusing.length} do not allow writing`}{' '}
            and will refuse: {refusing.map(({ name }) => name).join(', ')}.
          </p>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Not now
          </Button>
          <Button color="red" onClick={onConfirm}>
            Write on {databases}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

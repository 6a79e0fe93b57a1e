import { Button } from '@mantine/core';
import { FileInput } from 'lucide-react';
import { useConnect } from '../../data/pool-actions.ts';
import { go, goToConnection } from '../../navigation/place.ts';
import { showTransfer } from '../../transfer/transfer-dialogs.ts';
import { ProfileForm } from '../profile-form/profile-form.tsx';
import classes from './add-connection.module.css';

export function AddConnection() {
  const connect = useConnect();
  return (
    <section className={classes.page} aria-labelledby="add-title">
      <div className={classes.head}>
        <h1 id="add-title" className={classes.title}>
          Add a connection
        </h1>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<FileInput size={14} aria-hidden />}
          onClick={() => showTransfer('import')}
        >
          Import…
        </Button>
      </div>
      <ProfileForm
        profile={null}
        poolOpen={false}
        onCancel={() => go({ screen: 'overview' })}
        onSaved={(profile, andConnect) => {
          goToConnection(profile.profileId);
          if (andConnect) connect.mutate(profile);
        }}
      />
    </section>
  );
}

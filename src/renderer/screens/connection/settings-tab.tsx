import type { ProfileView } from '#shared/contract/profiles.ts';
import { useConnect } from '../../data/pool-actions.ts';
import { goToConnection } from '../../navigation/place.ts';
import { ProfileForm } from '../profile-form/profile-form.tsx';

/** The profile's own form, for editing in place. */
export function SettingsTab({ profile, poolOpen }: { profile: ProfileView; poolOpen: boolean }) {
  const connect = useConnect();
  return (
    <ProfileForm
      profile={profile}
      poolOpen={poolOpen}
      onSaved={(saved, andConnect) => {
        if (!andConnect) return;
        goToConnection(saved.profileId);
        connect.mutate(saved);
      }}
    />
  );
}

import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';

/**
 * Saves a pool's size in its profile. A running pool takes it over as it runs: those who wait are
 * served at once, and what is too many closes when it comes back. @throws RequestError
 */
export async function applySize(
  { profileId, kind: _kind, hasPassword: _has, hasKeyPassphrase: _hasToo, ...draft }: ProfileView,
  size: { min: number; max: number },
): Promise<ProfileView> {
  return await request('profiles.update', {
    profileId,
    draft: { ...draft, ...size },
    password: { kind: 'keep' },
  });
}

import type { ProfileView } from '#shared/contract/profiles.ts';
import { request } from '../../../bridge/client.ts';

/**
 * Saves a pool's size in its profile and brings the running pool to it. A change of size reopens an
 * open pool: what is under way has two seconds to end. @throws RequestError
 */
export async function applySize(
  { profileId, kind: _kind, hasPassword: _has, ...draft }: ProfileView,
  size: { min: number; max: number },
): Promise<ProfileView> {
  return await request('profiles.update', {
    profileId,
    draft: { ...draft, ...size },
    password: { kind: 'keep' },
  });
}

import type { HistoryEvent } from '#shared/model/history-event.ts';
import { request } from '../bridge/client.ts';
import { targetOf } from '../kit/target-of.ts';

/** The connection that a picture or report is about, on this machine or in an opened bundle. */
export interface Subject {
  profileId: string;
  bundleId?: string;
  name: string;
  /** `user@host:port/database`. */
  target: string;
}

/** A saved connection as a subject. @throws RequestError when it is gone or the engine is out of reach */
export async function savedSubject(profileId: string): Promise<Subject> {
  const profiles = await request('profiles.list', {});
  const profile = profiles.find((other) => other.profileId === profileId);
  // Deleted a moment ago; its chart still stands.
  if (profile === undefined) return { profileId, name: 'Deleted connection', target: profileId };
  return { profileId, name: profile.name, target: targetOf(profile) };
}

/** What happened to a subject in a range; null when it could not be read. */
export async function eventsOf(
  { profileId, bundleId }: Subject,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<HistoryEvent[] | null> {
  const range = { profileId, fromMs: Math.floor(fromMs), toMs: Math.ceil(toMs) };
  try {
    return await request('history.events', bundleId === undefined ? range : { ...range, bundleId });
  } catch {
    return null;
  }
}

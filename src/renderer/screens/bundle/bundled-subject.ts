import type { BundledProfile, OpenBundle } from '#shared/contract/history-bundle.ts';
import type { Subject } from '../../exports/subject.ts';
import { targetOf } from '../../kit/target-of.ts';
import type { PoolLimits } from '../connection/live/chart-definitions.ts';

/** A connection of a bundle as what pictures and reports are about. */
export function bundledSubject(bundle: OpenBundle, { profileId, name, settings }: BundledProfile): Subject {
  const { user, host, port, database } = settings;
  const whole = user !== undefined && host !== undefined && port !== undefined && database !== undefined;
  // A bundle of another version may name its settings otherwise; then the file says where it is from.
  const target = whole ? targetOf({ user, host, port: Number(port), database }) : bundle.fileName;
  return { profileId, bundleId: bundle.bundleId, name, target };
}

/** The limits its pool had, where the file says them. */
export function bundledLimits({ settings }: BundledProfile): PoolLimits {
  const ms = (text: string | undefined) => {
    const value = Number(text ?? Number.NaN);
    return Number.isFinite(value) ? value : null;
  };
  return { waitTimeoutMs: ms(settings.waitTimeoutMs), healthTimeoutMs: ms(settings.healthTimeoutMs) };
}

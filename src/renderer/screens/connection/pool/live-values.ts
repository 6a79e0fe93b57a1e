import { type LiveSettings, liveSettingsSchema } from '#shared/contract/pool-control.ts';
import { parseWholeNumber } from '../../profile-form/form-values.ts';

/** The settings that change while the pool runs, in the order of the boxes, in the words of the form. */
export const liveFields = [
  { key: 'min', label: 'Minimum size', unit: '' },
  { key: 'max', label: 'Maximum size', unit: '' },
  { key: 'overflow', label: 'Overflow', unit: '' },
  { key: 'waitTimeoutMs', label: 'Wait timeout', unit: 'ms' },
  { key: 'idleTimeoutMs', label: 'Idle timeout', unit: 'ms' },
  { key: 'maxLifetimeMs', label: 'Maximum lifetime', unit: 'ms' },
] as const satisfies readonly { key: keyof LiveSettings; label: string; unit: string }[];

export type LiveField = (typeof liveFields)[number]['key'];
/** What stands in the boxes: as typed, so that nothing typed is lost. */
export type LiveValues = Record<LiveField, string>;

export const valuesOfSettings = (settings: LiveSettings): LiveValues =>
  Object.fromEntries(liveFields.map(({ key }) => [key, String(settings[key])])) as LiveValues;

export type CheckedValues =
  | { ok: true; settings: LiveSettings; changed: LiveField[] }
  | { ok: false; errors: Partial<Record<LiveField, string>> };

/** Checks the boxes with the schema of the call; one sentence for each box that will not do. */
export function checkValues(values: LiveValues, running: LiveSettings): CheckedValues {
  const numbers = Object.fromEntries(liveFields.map(({ key }) => [key, parseWholeNumber(values[key])]));
  const checked = liveSettingsSchema.safeParse(numbers);
  if (checked.success) {
    const changed = liveFields.flatMap(({ key }) => (checked.data[key] === running[key] ? [] : [key]));
    return { ok: true, settings: checked.data, changed };
  }
  const errors: Partial<Record<LiveField, string>> = {};
  for (const { path, message } of checked.error.issues) errors[path[0] as LiveField] ??= message;
  return { ok: false, errors };
}

/** What applying will do to connections, before it is done: one sentence, or none for times alone. */
export function effectOf(running: LiveSettings, wanted: LiveSettings): string | null {
  const now = running.max + running.overflow;
  const then = wanted.max + wanted.overflow;
  if (then > now)
    return 'Requests that wait are served at once, as far as the server lets more connections in.';
  if (then < now || wanted.max < running.max) {
    return 'Connections at rest beyond the new size are closed now, those in use when they come back.';
  }
  if (wanted.min > running.min) return 'The missing connections of the minimum are opened now.';
  return null;
}

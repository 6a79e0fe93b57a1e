import type { MetricsStatus } from '#shared/contract/metrics.ts';
import type { RouteInput } from '#shared/contract/routes.ts';
import { collectorUrlProblem, pushSettingsSchema } from '#shared/model/metrics-settings.ts';

/** What stands in the boxes of the push. */
export interface PushValues {
  enabled: boolean;
  url: string;
  seconds: string;
  /** Typed ones; empty keeps what is stored. */
  headers: string;
  forgetHeaders: boolean;
}

export const valuesOf = ({ enabled, url, intervalMs }: MetricsStatus['push']): PushValues => ({
  ...{ enabled, url, seconds: String(intervalMs / 1000), headers: '', forgetHeaders: false },
});

export type PushProblems = Partial<Record<'url' | 'seconds', string>>;

/** What is to be saved, or what is wrong with it, by box. */
export function checkedPush(
  values: PushValues,
): { ok: true; input: RouteInput<'metrics.setPush'> } | { ok: false; problems: PushProblems } {
  const url = values.url.trim();
  const typed = values.seconds.trim().replaceAll(',', '');
  const intervalMs = /^\d+$/.test(typed) ? Number(typed) * 1000 : Number.NaN;
  const parsed = pushSettingsSchema.safeParse({ enabled: values.enabled, url, intervalMs });
  if (parsed.success) {
    const headers =
      values.headers.trim() !== ''
        ? ({ kind: 'set', value: values.headers } as const)
        : ({ kind: values.forgetHeaders ? 'clear' : 'keep' } as const);
    return { ok: true, input: { settings: parsed.data, headers } };
  }
  const problems: PushProblems = {};
  for (const { path, message } of parsed.error.issues) {
    if (path[0] === 'intervalMs') problems.seconds = message;
    else problems.url ??= message;
  }
  // The schema looks at the address only once all boxes by themselves are right.
  if (values.enabled || url !== '') {
    const problem = collectorUrlProblem(url);
    if (problem !== null) problems.url = problem;
  }
  return { ok: false, problems };
}

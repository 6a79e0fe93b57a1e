import { randomUUID } from 'node:crypto';
import type {
  ActionPreview,
  ActionProgress,
  ActionReport,
  ActionResult,
  SessionAction,
} from '#shared/contract/sessions.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import { filterInWords } from '#shared/model/sessions/filter.ts';
import type { Clock } from '../../base/clock.ts';
import { EngineError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Link } from '../watch/link.ts';
import { act, type SeenSession } from './act.ts';
import { type ActionTarget, previewAction } from './preview.ts';

interface Deps {
  clock: Clock;
  log: Logger;
  /** Lends the profile's watcher, logged in as that profile. */
  withLink<T>(profileId: string, work: (link: Link) => Promise<T>): Promise<T>;
  /** @throws EngineError `not_found` */
  getProfile(profileId: string): { name: string; readOnly: boolean };
  record(event: HistoryEvent): void;
  onProgress(progress: ActionProgress): void;
}

interface Previewed {
  profileId: string;
  action: SessionAction;
  target: ActionTarget;
  sessions: SeenSession[];
  confirmation: string | null;
  atMs: number;
}

const goodForMs = 120_000;
const mostKept = 50;
const progressEveryMs = 200;

/** Cancels and terminates what was previewed, and tells everyone who should know. */
export class SessionActions {
  readonly #deps: Deps;
  readonly #previews = new Map<string, Previewed>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async preview(profileId: string, action: SessionAction, target: ActionTarget): Promise<ActionPreview> {
    this.#refuseReadOnly(profileId);
    const preview = await this.#deps.withLink(profileId, (link) => previewAction(link, action, target));
    const sessions = preview.sessions.flatMap(({ pid, backendStartUs, application, queryStartMs }) =>
      backendStartUs === null ? [] : [{ pid, backendStartUs, application, queryStartMs }],
    );
    const { previewId, confirmation } = preview;
    const atMs = this.#deps.clock.monotonicMs();
    this.#previews.set(previewId, { profileId, action, target, sessions, confirmation, atMs });
    for (const oldest of this.#previews.keys()) {
      if (this.#previews.size <= mostKept) break;
      this.#previews.delete(oldest);
    }
    return preview;
  }

  async act(
    {
      profileId,
      previewId,
      confirmation,
    }: { profileId: string; previewId: string; confirmation: string | null },
    signal: AbortSignal,
  ): Promise<ActionReport> {
    this.#refuseReadOnly(profileId);
    const { clock, log, onProgress } = this.#deps;
    const previewed = this.#previews.get(previewId);
    if (
      previewed === undefined ||
      previewed.profileId !== profileId ||
      clock.monotonicMs() - previewed.atMs > goodForMs
    ) {
      const message = 'What the action would touch was looked up too long ago, or has been done.';
      throw new EngineError('not_found', message, { remedy: 'Look again, then confirm.' });
    }
    if (previewed.confirmation !== null && confirmation?.trim() !== previewed.confirmation) {
      throw new EngineError('bad_input', `Type "${previewed.confirmation}" to confirm.`, {
        fields: { confirmation: `Type "${previewed.confirmation}" to confirm.` },
      });
    }
    // Once only, whatever comes of it.
    this.#previews.delete(previewId);
    const { action, target, sessions } = previewed;
    let toldAtMs = clock.monotonicMs();
    const onDone = (done: number) => {
      if (clock.monotonicMs() - toldAtMs < progressEveryMs) return;
      toldAtMs = clock.monotonicMs();
      onProgress({ previewId, done, total: sessions.length });
    };
    const results = await this.#deps.withLink(profileId, (link) =>
      act(link, { action, target, sessions, signal, log, onDone }),
    );
    const summary = summaryOf(action, target, sessions.length, results);
    this.#record(profileId, action, summary, results);
    return { action, results, summary };
  }

  #refuseReadOnly(profileId: string): void {
    const { name, readOnly } = this.#deps.getProfile(profileId);
    if (!readOnly) return;
    const remedy = 'Switch "Read-only" off in the settings of the connection, or use another connection.';
    throw new EngineError('read_only', `"${name}" is marked read-only: its sessions are left alone.`, {
      remedy,
    });
  }

  #record(profileId: string, action: SessionAction, summary: string, results: readonly ActionResult[]): void {
    const { clock, log, record } = this.#deps;
    const atMs = Math.round(clock.nowMs());
    const kind = action === 'cancel' ? 'sessionsCancelled' : 'sessionsTerminated';
    log.info(
      { profileId, action, results: results.map(({ session, outcome }) => `${session.pid} ${outcome}`) },
      'sessions were acted upon',
    );
    record({ eventId: randomUUID(), profileId, kind, fromMs: atMs, toMs: atMs, text: summary });
  }
}

function summaryOf(
  action: SessionAction,
  target: ActionTarget,
  asked: number,
  results: readonly ActionResult[],
): string {
  const count = (outcome: ActionResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const verb = action === 'cancel' ? 'Cancelled' : 'Terminated';
  const subject =
    target.kind === 'session'
      ? `session ${target.session.pid}`
      : `${count('done')} of ${asked} sessions (${filterInWords(target.filter)})`;
  const parts: string[] = [
    ...(count('signalled') > 0 ? [`${count('signalled')} told to end and still there`] : []),
    ...(count('ended') > 0 ? [`${count('ended')} had ended before`] : []),
    ...(count('changed') > 0 ? [`${count('changed')} no longer matched and left alone`] : []),
    ...(count('refused') > 0 ? [`${count('refused')} refused`] : []),
    ...(results.length < asked ? [`${asked - results.length} not reached`] : []),
  ];
  if (target.kind === 'group') return `${[`${verb} ${subject}`, ...parts].join('; ')}.`;
  const only = results[0];
  if (only?.outcome === 'done') return `${verb} ${subject}.`;
  if (only?.outcome === 'signalled') return `Told ${subject} to end; it is still there.`;
  if (only?.outcome === 'ended') return `Session ${target.session.pid} had ended before the click.`;
  return `Did not touch ${subject}: ${only?.error?.message ?? 'it has gone on to something else since. Look again.'}`;
}

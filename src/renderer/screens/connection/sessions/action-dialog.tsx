import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { RouteInput } from '#shared/contract/routes.ts';
import type {
  ActionOutcome,
  ActionPreview,
  ActionReport,
  ActionResult,
  SessionAction,
} from '#shared/contract/sessions.ts';
import { stateWords } from '#shared/model/sessions/filter.ts';
import { type Session, sessionKey } from '#shared/model/sessions/session.ts';
import { on, request } from '../../../bridge/client.ts';
import { isCancelled, payloadOf } from '../../../data/errors.ts';
import { formatAge } from '../../../kit/age-words.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import classes from './sessions.module.css';

/** What the user wants done, to be previewed before anything happens. */
export interface ActionAsked {
  action: SessionAction;
  target: RouteInput<'sessions.previewAction'>['target'];
  /** In words: "pid 4242 (billing)". */
  what: string;
}

interface Props {
  profileId: string;
  asked: ActionAsked | null;
  onClose(): void;
}

const titles: Record<SessionAction, string> = {
  cancel: 'Cancel what they run?',
  terminate: 'Terminate sessions?',
};

/** Says what an action will touch, does it when told to, and reports each result. */
export function ActionDialog({ profileId, asked, onClose }: Props) {
  // What was asked stays while the dialog fades, so that it does not go blank first.
  const last = useRef<ActionAsked | null>(null);
  if (asked !== null) last.current = asked;
  const shown = asked ?? last.current;
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      title={shown === null ? '' : titles[shown.action]}
      size="lg"
      attributes={{ header: { role: 'presentation' } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {shown !== null && (
        <ActionForm key={JSON.stringify(shown)} profileId={profileId} asked={shown} onClose={onClose} />
      )}
    </Modal>
  );
}

function ActionForm({ profileId, asked, onClose }: Props & { asked: ActionAsked }) {
  const { action, target } = asked;
  const preview = useQuery({
    queryKey: ['sessions.previewAction', profileId, action, target],
    queryFn: ({ signal }) => request('sessions.previewAction', { profileId, action, target }, { signal }),
    // It is about now; an answer of before is worth nothing.
    gcTime: 0,
  });
  const progress = useProgress(preview.data?.previewId);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const act = useMutation({
    mutationFn: ({ previewId, confirmation }: { previewId: string; confirmation: string | null }) => {
      const abort = new AbortController();
      running.current = abort;
      return request('sessions.act', { profileId, previewId, confirmation }, { signal: abort.signal });
    },
    onSettled: () => {
      running.current = null;
    },
    meta: { shownInPlace: true },
  });
  if (act.data !== undefined) {
    return <Report report={act.data} sessions={preview.data?.sessions ?? []} onClose={onClose} />;
  }
  const error = act.error ?? preview.error;
  return (
    <div className={classes.dialog}>
      {preview.data === undefined && !preview.isError && (
        <p role="status">Looking up what this would touch…</p>
      )}
      {preview.data !== undefined && (
        <Preview
          preview={preview.data}
          busy={act.isPending}
          progress={progress}
          onAct={(confirmation) => act.mutate({ previewId: preview.data.previewId, confirmation })}
          onLeave={() => (act.isPending ? running.current?.abort() : onClose())}
        />
      )}
      {error !== null && !isCancelled(error) && <ErrorNote error={payloadOf(error)} />}
      {error !== null && isCancelled(error) && (
        <p role="status">Stopped. Some sessions may have been told to end all the same.</p>
      )}
      {(preview.isError || act.isError) && (
        <div className={classes.buttons}>
          <Button
            variant="default"
            onClick={() => {
              act.reset();
              void preview.refetch();
            }}
          >
            Look again
          </Button>
          {preview.isError && (
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

interface PreviewProps {
  preview: ActionPreview;
  busy: boolean;
  /** "3 of 16" while it goes on; empty before. */
  progress: string;
  onAct(confirmation: string | null): void;
  onLeave(): void;
}

function Preview({ preview, busy, progress, onAct, onLeave }: PreviewProps) {
  const { action, sessions, confirmation, summary, warnings, serverNowMs } = preview;
  const [typed, setTyped] = useState('');
  const mayAct = sessions.length > 0 && (confirmation === null || typed.trim() === confirmation);
  return (
    <form
      className={classes.dialog}
      onSubmit={(event) => {
        event.preventDefault();
        if (mayAct && !busy) onAct(confirmation === null ? null : typed.trim());
      }}
    >
      <p>
        <strong>{summary}</strong>
      </p>
      {warnings.length > 0 && (
        <ul className={classes.warnings}>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <Touched sessions={sessions} nowMs={serverNowMs} />
      {confirmation !== null && sessions.length > 0 && (
        <TextInput
          data-autofocus
          label={
            <>
              To go on, type <code>{confirmation}</code>
            </>
          }
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      {busy && <p role="status">{progress === '' ? 'Working…' : `${progress} done…`}</p>}
      <div className={classes.buttons}>
        <Button
          variant="default"
          {...(confirmation === null ? { 'data-autofocus': true } : {})}
          onClick={onLeave}
        >
          {busy ? 'Stop' : sessions.length === 1 ? 'Leave it alone' : 'Leave them alone'}
        </Button>
        <Button type="submit" color="red.9" disabled={!mayAct} loading={busy}>
          {verb(action, sessions.length)}
        </Button>
      </div>
    </form>
  );
}

/** How far an action on a group has come. */
function useProgress(previewId: string | undefined): string {
  const [words, setWords] = useState('');
  useEffect(
    () =>
      on('sessions.actionProgress', (progress) => {
        if (progress.previewId === previewId) setWords(`${progress.done} of ${progress.total}`);
      }),
    [previewId],
  );
  return words;
}

function verb(action: SessionAction, count: number): string {
  const what = count === 1 ? '1 session' : `${count} sessions`;
  return action === 'terminate' ? `Terminate ${what}` : `Cancel in ${what}`;
}

const outcomeWords: Record<ActionOutcome, Record<SessionAction, string>> = {
  done: { cancel: 'Cancelled', terminate: 'Terminated' },
  signalled: { cancel: 'Told to stop', terminate: 'Told to end, still there' },
  ended: { cancel: 'Had ended before', terminate: 'Had ended before' },
  changed: { cancel: 'No longer matched, left alone', terminate: 'No longer matched, left alone' },
  refused: { cancel: 'Refused', terminate: 'Refused' },
};

/** What became of each session. */
function Report({
  report,
  sessions,
  onClose,
}: {
  report: ActionReport;
  sessions: Session[];
  onClose(): void;
}) {
  const { action, results, summary } = report;
  const outcomes = new Map(results.map((result) => [sessionKey(result.session), result]));
  const remedies = new Set(results.flatMap(({ error }) => error?.details.remedy ?? []));
  return (
    <div className={classes.dialog}>
      <p role="status">
        <strong>{summary}</strong>
      </p>
      {[...remedies].map((remedy) => (
        <p key={remedy}>{remedy}</p>
      ))}
      <Touched
        sessions={sessions}
        nowMs={null}
        outcomeOf={(session) => outcomes.get(sessionKey(session))}
        action={action}
      />
      <div className={classes.buttons}>
        <Button data-autofocus onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}

interface TouchedProps {
  sessions: readonly Session[];
  /** Null leaves the ages out. */
  nowMs: number | null;
  outcomeOf?(session: Session): ActionResult | undefined;
  action?: SessionAction;
}

function Touched({ sessions, nowMs, outcomeOf, action = 'cancel' }: TouchedProps) {
  if (sessions.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={classes.touched} aria-label="Sessions" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">PID</th>
            <th scope="col">Application</th>
            <th scope="col">User</th>
            <th scope="col">{outcomeOf === undefined ? 'State' : 'Result'}</th>
            {nowMs !== null && <th scope="col">Statement</th>}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => {
            const result = outcomeOf?.(session);
            return (
              <tr key={sessionKey(session)}>
                <td>{session.pid}</td>
                <td>{session.application || '(none)'}</td>
                <td>{session.user ?? 'unknown'}</td>
                <td>
                  {outcomeOf === undefined || result === undefined
                    ? stateOf(session, nowMs)
                    : outcomeInWords(result, action)}
                </td>
                {nowMs !== null && (
                  <td className={classes.touchedQuery}>
                    <code>{session.query ?? ''}</code>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function outcomeInWords({ outcome, error }: ActionResult, action: SessionAction): string {
  const words = outcomeWords[outcome][action];
  return error === null ? words : `${words}: ${error.message}`;
}

function stateOf({ state, stateChangeMs }: Session, nowMs: number | null): string {
  const age = stateChangeMs === null || nowMs === null ? '' : ` for ${formatAge(nowMs - stateChangeMs)}`;
  return `${stateWords[state]}${age}`;
}

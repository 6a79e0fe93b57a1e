import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Eye, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorPayload } from '#shared/contract/errors.ts';
import type { ProfileView } from '#shared/contract/profiles.ts';
import type { WatchStatus } from '#shared/contract/sessions.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';
import { request } from '../../../bridge/client.ts';
import { payloadOf } from '../../../data/errors.ts';
import { useLinkLost } from '../../../data/use-link.ts';
import { copyText } from '../../../kit/copy-text.ts';
import { ErrorNote } from '../../../kit/error-note.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import classes from './sessions.module.css';

interface Props {
  profile: ProfileView;
  status: WatchStatus | null;
  error: unknown;
  list: SessionList | null;
}

/** What stands between the user and the whole truth: no samples, limited sight, no rights. */
export function SessionNotices({ profile, status, error, list }: Props) {
  const linkLost = useLinkLost();
  if (linkLost) return null;
  const sight = status?.sight ?? null;
  return (
    <>
      {error !== null && <ErrorNote error={payloadOf(error)} />}
      {status !== null && status.error !== null && (
        <Refused profile={profile} status={status} error={status.error} list={list} />
      )}
      {sight !== null && !sight.full && (
        <Notice>
          <p>
            <strong>Limited sight.</strong> The role {status?.server?.user ?? profile.user} may not see what
            other roles’ sessions do: their state, waits, times, addresses and queries are unknown here, not
            none.
          </p>
          {sight.sightGrant !== null && <Grant sql={sight.sightGrant} does="mends it" />}
        </Notice>
      )}
      {status?.server?.behindPooler === true && (
        <Notice>
          <p>
            This address is a pooler’s: what is seen are the sessions of the one server behind it that
            answered.
          </p>
        </Notice>
      )}
    </>
  );
}

interface RefusedProps extends Omit<Props, 'error' | 'status'> {
  status: WatchStatus;
  error: ErrorPayload;
}

/** The server cannot be sampled now: why, how old what shows is, and when it is tried again. */
function Refused({ profile, status, error, list }: RefusedProps) {
  const refresh = useMutation({
    mutationFn: () => request('sessions.refresh', { profileId: profile.profileId }),
    meta: { failure: 'The server could not be sampled' },
  });
  const { sight, lastSampleAtMs } = status;
  return (
    <ErrorNote error={error}>
      <p>
        {list !== null && lastSampleAtMs !== null ? (
          <>
            What shows below is from <RelativeTime atMs={lastSampleAtMs} />.
          </>
        ) : (
          'Nothing is known of its sessions yet.'
        )}
        {status.state === 'waiting' && ' It is tried again by itself.'}
      </p>
      {error.code === 'too_many_connections' && sight !== null && !sight.mayUseReservedSlots && (
        <>
          <p>The role may not use the reserved slots, which would let it in even now.</p>
          {sight.reservedGrant !== null && <Grant sql={sight.reservedGrant} does="lets it in next time" />}
        </>
      )}
      {status.state !== 'unsupported' && (
        <Button
          className={classes.retry ?? ''}
          variant="default"
          loading={refresh.isPending}
          onClick={() => refresh.mutate()}
        >
          Try now
        </Button>
      )}
    </ErrorNote>
  );
}

/** A calm remark above the figures. */
export function Notice({ children, tone = 'info' }: { children: ReactNode; tone?: 'info' | 'warn' }) {
  const Icon = tone === 'info' ? Eye : TriangleAlert;
  return (
    <div className={classes.notice} data-tone={tone} role="status">
      <Icon className={classes.noticeIcon} size={16} aria-hidden />
      <div className={classes.noticeWords}>{children}</div>
    </div>
  );
}

/** A statement that mends something, to be copied. */
export function Grant({ sql, does }: { sql: string; does: string }) {
  return (
    <p className={classes.grant}>
      <code>{sql}</code>
      <span>{does}.</span>
      <Button variant="default" size="compact-xs" onClick={() => void copyText(sql, 'the statement')}>
        Copy
      </Button>
    </p>
  );
}

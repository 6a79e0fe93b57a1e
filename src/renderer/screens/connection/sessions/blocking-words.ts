import type { BlockingNode } from '#shared/model/sessions/blocking.ts';
import type { Session } from '#shared/model/sessions/session.ts';
import type { SessionList } from '#shared/model/sessions/session-list.ts';

/** Pids that wait directly for this one. */
export function waitersOf(forest: readonly BlockingNode[], pid: number): number[] {
  const found = new Set<number>();
  const walk = (nodes: readonly BlockingNode[]) => {
    for (const { blocker, children } of nodes) {
      if (blocker.kind === 'session' && blocker.pid === pid) {
        for (const child of children) if (child.blocker.kind === 'session') found.add(child.blocker.pid);
      }
      walk(children);
    }
  };
  walk(forest);
  return [...found];
}

export const sessionsInWords = (count: number): string => (count === 1 ? '1 session' : `${count} sessions`);

/** The session of a pid, if it is still there. */
export function sessionOfPid(list: SessionList | null, pid: number): Session | undefined {
  for (const session of list?.sessions.values() ?? []) if (session.pid === pid) return session;
  return undefined;
}

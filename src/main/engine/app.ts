import { randomUUID } from 'node:crypto';
import type { AppNotice, appRoutes } from '#shared/contract/app.ts';
import type { Handlers } from '#shared/contract/define.ts';
import type { Clock } from './base/clock.ts';
import type { EventBus } from './base/event-bus.ts';
import type { EnginePorts } from './ports.ts';

/** Notices are kept as well as sent, because the first ones come before any window listens. */
export interface Notices {
  add(level: AppNotice['level'], message: string): void;
  list(): AppNotice[];
}

const keptNotices = 50;

export function createNotices(events: EventBus, clock: Clock): Notices {
  const kept: AppNotice[] = [];
  return {
    add(level, message) {
      const notice: AppNotice = { noticeId: randomUUID(), level, message, atMs: clock.nowMs() };
      kept.push(notice);
      if (kept.length > keptNotices) kept.shift();
      events.emit('app.notice', notice);
    },
    list: () => [...kept],
  };
}

export function createAppHandlers(
  ports: EnginePorts,
  notices: Notices,
  sampleDatabaseAvailable: boolean,
): Handlers<typeof appRoutes> {
  return {
    'app.info': () => ({
      version: ports.version,
      shell: ports.shell,
      dataFolder: ports.dataFolder,
      vault: ports.vault.describe(),
      sampleDatabaseAvailable,
      notices: notices.list(),
      nowMs: ports.clock.nowMs(),
    }),
  };
}

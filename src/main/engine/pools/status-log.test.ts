import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { PoolStatus } from '#shared/contract/pools.ts';
import { unknownHealth } from '#shared/model/health.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/log.ts';
import { logStatusChanges } from './status-log.ts';

const open: PoolStatus = {
  profileId: 'a',
  state: 'open',
  target: 'database',
  openedAtMs: 1,
  error: null,
  health: { ...unknownHealth, state: 'healthy' },
};
const refused = {
  code: 'connection_refused',
  message: 'Nothing accepts connections.',
  details: {},
  atMs: 2,
} as const;

describe('the log of pool states', () => {
  it('has one line for each change, with the reason, and none for what merely goes on', () => {
    const lines: { level: number; msg: string; reason?: string }[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    });
    const events = createEventBus(() => {});
    const stop = logStatusChanges(events, createLogger(sink));
    const down: PoolStatus = {
      ...open,
      health: { ...open.health, state: 'unhealthy', consecutiveFailures: 1, lastError: refused },
    };
    const stillDown: PoolStatus = { ...down, health: { ...down.health, consecutiveFailures: 2 } };
    for (const status of [open, open, down, stillDown, open]) events.emit('pools.changed', status);
    stop();
    events.emit('pools.changed', down);
    expect(lines.map(({ msg, reason }) => [msg, reason])).toEqual([
      ['pool open, healthy', undefined],
      ['pool open, unhealthy', 'Nothing accepts connections.'],
      ['pool open, healthy', undefined],
    ]);
  });
});

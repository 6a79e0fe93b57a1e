import { describe, expect, it } from 'vitest';
import { createEventBus } from './event-bus.ts';

const notice = { noticeId: '1', level: 'info', message: 'Hello.', atMs: 1 } as const;

describe('the event bus', () => {
  it('tells every listener of an event, and none of another', () => {
    const bus = createEventBus(() => {});
    const heard: string[] = [];
    bus.on('app.notice', (payload) => heard.push(payload.message));
    bus.on('profiles.changed', () => heard.push('profiles'));
    bus.emit('app.notice', notice);
    expect(heard).toEqual(['Hello.']);
  });

  it('tells nothing to a listener that has left, even one subscribed twice', () => {
    const bus = createEventBus(() => {});
    let count = 0;
    const listener = () => {
      count += 1;
    };
    const leave = bus.on('app.notice', listener);
    bus.on('app.notice', listener);
    leave();
    bus.emit('app.notice', notice);
    expect(count).toBe(1);
  });

  it('goes on to the others when one listener throws, and reports it', () => {
    const reported: unknown[] = [];
    const bus = createEventBus((error) => reported.push(error));
    const heard: string[] = [];
    bus.on('app.notice', () => {
      throw new Error('broken listener');
    });
    bus.on('app.notice', (payload) => heard.push(payload.message));
    bus.emit('app.notice', notice);
    expect(heard).toEqual(['Hello.']);
    expect(reported).toHaveLength(1);
  });
});

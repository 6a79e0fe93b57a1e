import { beforeEach, describe, expect, it } from 'vitest';
import type { LinkState } from '#shared/contract/bridge.ts';
import type { PoolState, PoolStatus } from '#shared/contract/pools.ts';
import type { PoolActivity } from './latest-samples-store.ts';
import { Pauses } from './pauses.ts';
import type { LiveClient } from './sample-feed.ts';

let changed: (status: PoolStatus) => void;
let link: (state: LinkState) => void;
let subscriptions: number;
let states: Record<string, PoolState>;
let activity: PoolActivity;
let pauses: Pauses;

const status = (profileId: string, state: PoolState) => ({ profileId, state }) as PoolStatus;
const settle = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  subscriptions = 0;
  states = {};
  activity = { recent: [] } as unknown as PoolActivity;
  const subscribed = () => {
    subscriptions += 1;
    return () => {
      subscriptions -= 1;
    };
  };
  const client = {
    request: async () => Object.entries(states).map(([profileId, state]) => status(profileId, state)),
    on: (_event: string, listener: typeof changed) => {
      changed = listener;
      return subscribed();
    },
    onLink: (listener: typeof link) => {
      link = listener;
      listener('connected');
      return subscribed();
    },
  } as unknown as LiveClient;
  pauses = new Pauses(client, () => activity);
});

describe('a pause', () => {
  it('keeps its moment and the figures of that moment until it is lifted', () => {
    const then = activity;
    pauses.set('a', 1000);
    activity = { recent: [] } as unknown as PoolActivity;
    expect(pauses.get('a')).toBe(1000);
    expect(pauses.activityOf('a')).toBe(then);
    expect(pauses.get('b')).toBeUndefined();
    pauses.delete('a');
    expect(pauses.get('a')).toBeUndefined();
    expect(subscriptions).toBe(0);
  });

  it('ends when its pool closes, and no other does', () => {
    pauses.set('a', 1000);
    pauses.set('b', 1000);
    changed(status('a', 'closing'));
    expect(pauses.get('a')).toBe(1000);
    changed(status('a', 'closed'));
    expect(pauses.get('a')).toBeUndefined();
    expect(pauses.get('b')).toBe(1000);
    changed(status('b', 'closed'));
    expect(subscriptions).toBe(0);
  });

  it('outlasts a lost link, unless the pool closed meanwhile', async () => {
    pauses.set('a', 1000);
    pauses.set('b', 1000);
    states = { a: 'open', b: 'closed' };
    link('lost');
    link('connected');
    await settle();
    expect(pauses.get('a')).toBe(1000);
    expect(pauses.get('b')).toBeUndefined();
  });
});

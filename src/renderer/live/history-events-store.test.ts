import { beforeEach, describe, expect, it } from 'vitest';
import type { LinkState } from '#shared/contract/bridge.ts';
import type { HistoryEvent } from '#shared/model/history-event.ts';
import type { SeriesChange } from '../charts/series.ts';
import { HistoryEvents } from './history-events-store.ts';
import type { LiveClient } from './sample-feed.ts';

const note = (eventId: string, fromMs: number, more: Partial<HistoryEvent> = {}): HistoryEvent => ({
  eventId,
  profileId: 'p',
  kind: 'note',
  fromMs,
  toMs: fromMs,
  text: eventId,
  ...more,
});

let answers: ((events: HistoryEvent[] | Error) => void)[];
let heard: Map<string, (payload: never) => void>;
let link: (state: LinkState) => void;
let view: { fromMs: number; toMs: number };
let moved: (change: SeriesChange) => void;

const client = {
  request: () =>
    new Promise((resolve, reject) => {
      answers.push((given) => (given instanceof Error ? reject(given) : resolve(given)));
    }),
  on: (event: string, listener: (payload: never) => void) => {
    heard.set(event, listener);
    return () => heard.delete(event);
  },
  onLink: (listener: (state: LinkState) => void) => {
    link = listener;
    listener('connected');
    return () => {};
  },
} as unknown as LiveClient;

function opened(): { store: HistoryEvents; ids(): string[]; close(): void } {
  const base = {
    subscribe: (listener: (change: SeriesChange) => void) => {
      moved = listener;
      return () => {};
    },
    view: () => ({ ...view, bucketMs: 1000, buckets: [] }),
  };
  const store = new HistoryEvents({ profileId: 'p', base, client });
  const close = store.open();
  return { store, close, ids: () => store.state().events.map(({ eventId }) => eventId) };
}

const tell = (event: string, payload: unknown) => heard.get(event)?.(payload as never);
const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  answers = [];
  heard = new Map();
  view = { fromMs: 100_000, toMs: 200_000 };
});

describe('events of a range', () => {
  it('keep what was added or deleted while the answer was on its way', async () => {
    const { ids } = opened();
    tell('history.eventAdded', note('new', 150_000));
    tell('history.eventDeleted', { eventId: 'gone' });
    answers[0]?.([note('old', 110_000), note('gone', 120_000), note('later', 190_000)]);
    await settled();
    expect(ids()).toEqual(['old', 'new', 'later']);
  });

  it('show an event once, however often it is told', async () => {
    const { store, ids } = opened();
    answers[0]?.([]);
    await settled();
    store.put(note('a', 150_000));
    tell('history.eventAdded', note('a', 150_000));
    expect(ids()).toEqual(['a']);
  });

  it('are those of this pool and of Poolscope itself, within the range', async () => {
    const { ids } = opened();
    answers[0]?.([]);
    await settled();
    tell('history.eventAdded', note('other pool', 150_000, { profileId: 'q' }));
    tell('history.eventAdded', note('all pools', 150_000, { profileId: null }));
    tell('history.eventAdded', note('before', 50_000));
    tell('history.eventAdded', note('reaches in', 50_000, { toMs: 101_000 }));
    expect(ids()).toEqual(['reaches in', 'all pools']);
  });

  it('leave with the range as it moves on', async () => {
    const { ids } = opened();
    answers[0]?.([note('first', 110_000), note('second', 150_000)]);
    await settled();
    view = { fromMs: 120_000, toMs: 220_000 };
    moved('tick');
    expect(ids()).toEqual(['second']);
  });

  it('that happened while the range was paused are there when it goes on', async () => {
    const { ids } = opened();
    answers[0]?.([note('first', 110_000)]);
    await settled();
    tell('history.eventAdded', note('meanwhile', 230_000));
    moved('whole');
    expect(ids()).toEqual(['first']);
    expect(answers).toHaveLength(1);
    view = { fromMs: 150_000, toMs: 250_000 };
    moved('whole');
    moved('tick');
    expect(answers).toHaveLength(2);
    answers[1]?.([note('meanwhile', 230_000)]);
    await settled();
    expect(ids()).toEqual(['meanwhile']);
  });

  it('are asked for anew when the link is back, and keep what they had until then', async () => {
    const { store, ids } = opened();
    answers[0]?.([note('a', 110_000)]);
    await settled();
    link('lost');
    link('connected');
    answers[1]?.(new Error('no history'));
    await settled();
    expect(ids()).toEqual(['a']);
    expect(store.state().error).toBeInstanceOf(Error);
    void store.load();
    answers[2]?.([note('b', 110_000)]);
    await settled();
    expect(ids()).toEqual(['b']);
    expect(store.state().error).toBeNull();
  });
});

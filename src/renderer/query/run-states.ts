import type { QueryRun, QueryTransaction } from '#shared/model/query.ts';

/** Order of a run's states; the last three are final. */
const order = { waiting: 0, running: 1, fetching: 2, done: 3, failed: 3, cancelled: 3 } as const;

export const isFinal = ({ state }: Pick<QueryRun, 'state'>): boolean => order[state] === 3;

/** Of two accounts of one run the later one: answers and events overtake each other. */
export function laterOf(known: QueryRun | null, news: QueryRun): QueryRun {
  if (known === null || known.runId !== news.runId) return news;
  if (order[news.state] !== order[known.state]) return order[news.state] > order[known.state] ? news : known;
  // An expired one is final and says more.
  return news.rows >= known.rows || news.expired ? news : known;
}

export const isOver = ({ state }: Pick<QueryTransaction, 'state'>): boolean =>
  state !== 'open' && state !== 'failed';

import type { Handlers } from '#shared/contract/define.ts';
import { queryRoutes } from '#shared/contract/query.ts';
import { queryLibraryRoutes } from '#shared/contract/query-library.ts';
import { EngineError } from '../base/errors.ts';

type QueryHandlers = Handlers<typeof queryRoutes & typeof queryLibraryRoutes>;

/** Statements that users write, by way of the profile's own pool. */
export function createQuery(): { handlers: QueryHandlers } {
  const refuse = () => {
    throw new EngineError('not_supported', 'This version of Poolscope cannot do that yet.');
  };
  const names = Object.keys({ ...queryRoutes, ...queryLibraryRoutes });
  return { handlers: Object.fromEntries(names.map((name) => [name, refuse])) as unknown as QueryHandlers };
}

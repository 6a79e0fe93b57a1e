import type { Handlers } from '#shared/contract/define.ts';
import type { pictureRoutes } from '#shared/contract/picture.ts';
import { EngineError } from '../base/errors.ts';

/** Joins a pooler's console with the sessions of the servers behind it. */
export function createPicture(): { handlers: Handlers<typeof pictureRoutes> } {
  const closed = (): never => {
    throw new EngineError('pool_closed', 'The console is not open.', { remedy: 'Connect it first.' });
  };
  return {
    handlers: { 'picture.get': closed, 'picture.servers': closed, 'picture.chooseServer': closed },
  };
}

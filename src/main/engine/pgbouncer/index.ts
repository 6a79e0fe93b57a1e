import type { Handlers } from '#shared/contract/define.ts';
import type { pgbouncerRoutes } from '#shared/contract/pgbouncer.ts';
import { EngineError } from '../base/errors.ts';

/** The consoles of poolers. */
export function createPgbouncer(): { handlers: Handlers<typeof pgbouncerRoutes> } {
  const closed = (): never => {
    throw new EngineError('pool_closed', 'The console is not open.', { remedy: 'Connect it first.' });
  };
  return {
    handlers: {
      'pgbouncer.list': () => [],
      'pgbouncer.overview': closed,
      'pgbouncer.recent': closed,
      'pgbouncer.table': closed,
      'pgbouncer.settings': closed,
      'pgbouncer.explain': closed,
      'pgbouncer.run': closed,
      'pgbouncer.keepHold': closed,
    },
  };
}

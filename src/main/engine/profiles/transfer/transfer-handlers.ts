import type { Handlers } from '#shared/contract/define.ts';
import type { profileTransferRoutes } from '#shared/contract/profile-transfer.ts';
import { EngineError } from '../../base/errors.ts';

export function createTransferHandlers(): Handlers<typeof profileTransferRoutes> {
  const refuse = () => {
    throw new EngineError('not_supported', 'Not there yet.');
  };
  return {
    'profiles.previewImport': refuse,
    'profiles.applyImport': refuse,
    'profiles.export': refuse,
    'profiles.checkFiles': refuse,
  };
}

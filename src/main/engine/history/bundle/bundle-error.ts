import { EngineError } from '../../base/errors.ts';

/** Why a file is not opened as an incident bundle. */
export type BundleFault = 'damaged' | 'foreign' | 'large' | 'newer' | 'truncated';

const sentences: Record<BundleFault, [message: string, remedy: string]> = {
  damaged: ['This incident bundle is damaged and was not opened.', 'Have it exported or sent again.'],
  foreign: ['This file is not an incident bundle of Poolscope.', 'Choose a file that ends in .poolscope.'],
  large: ['This incident bundle is larger than Poolscope opens.', 'Have a shorter range exported.'],
  newer: ['This incident bundle was written by a newer Poolscope.', 'Update Poolscope to open it.'],
  truncated: ['This incident bundle is incomplete: its end is missing.', 'Have it sent or copied again.'],
};

/** Refused, in words for the user; nothing of the file is kept. */
export class BundleError extends EngineError {
  readonly fault: BundleFault;

  constructor(fault: BundleFault) {
    const [message, remedy] = sentences[fault];
    super('bad_input', message, { remedy });
    this.fault = fault;
  }
}

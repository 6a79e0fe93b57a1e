import type { PushHeadersChange } from '#shared/model/metrics-settings.ts';
import type { Vault } from '../../ports.ts';
import { parseHeaders } from './push-headers.ts';

const key = 'metrics/push/headers';

/** The headers of pushes: keys to a collector, so they live in the vault. */
export interface PushSecret {
  /** Whether there are any, also when they cannot be read now. */
  readonly isSet: boolean;
  /** @throws EngineError `vault_failed` */
  read(): Promise<Record<string, string>>;
  /** Returns what undoes the change. @throws EngineError `bad_input`, `vault_failed` */
  apply(change: PushHeadersChange): Promise<() => Promise<void>>;
}

export async function openPushSecret(vault: Vault): Promise<PushSecret> {
  let isSet = await vault.get(key).then(
    (text) => text !== undefined,
    () => true,
  );
  const put = async (text: string | undefined) => {
    if (text === undefined) await vault.delete(key);
    else await vault.set(key, text);
    isSet = text !== undefined;
  };
  return {
    get isSet() {
      return isSet;
    },
    read: async () => parseHeaders((await vault.get(key)) ?? ''),
    async apply(change) {
      if (change.kind === 'keep') return async () => {};
      const text = change.kind === 'set' ? change.value : '';
      const isEmpty = Object.keys(parseHeaders(text)).length === 0;
      // What cannot be read any more must not stand in the way of new ones.
      const before = isSet ? await vault.get(key).catch(() => undefined) : undefined;
      await put(isEmpty ? undefined : text);
      return () => put(before);
    },
  };
}

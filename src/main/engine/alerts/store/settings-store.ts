import * as z from 'zod/mini';
import { type AlertSettings, alertSettingsDefaults, alertSettingsSchema } from '#shared/contract/alerts.ts';
import { EngineError } from '../../base/errors.ts';
import { type FileDeps, jsonFile } from '../../base/json-file.ts';
import { createSerialQueue } from '../../base/serial-queue.ts';
import type { Vault } from '../../ports.ts';

const secretKey = 'alerts/webhook-secret';

/** How alerts are told of: settings in a file of the data folder, the signing secret in the vault. */
export class SettingsStore {
  readonly #file;
  readonly #vault: Vault;
  readonly #inTurn = createSerialQueue();
  #settings = alertSettingsDefaults;
  /** Said by the file, so that the vault is asked only when something is to be signed. */
  #isSigned = false;

  constructor(deps: FileDeps & { vault: Vault }) {
    this.#vault = deps.vault;
    this.#file = jsonFile(deps, {
      fileName: 'alert-settings.json',
      what: 'The file of alert settings',
      schema: z.object({ settings: alertSettingsSchema, isSigned: z.boolean() }),
      empty: { settings: alertSettingsDefaults, isSigned: false },
    });
  }

  async load(): Promise<void> {
    const { settings, isSigned } = await this.#file.load();
    this.#settings = settings;
    this.#isSigned = isSigned;
  }

  get settings(): AlertSettings {
    return this.#settings;
  }

  get hasSecret(): boolean {
    return this.#isSigned;
  }

  /**
   * Null when deliveries are not signed. Never answers null for a secret that should be there: nothing
   * must go out unsigned that its target expects to be signed.
   * @throws EngineError `vault_failed`
   */
  async secret(): Promise<string | null> {
    if (!this.#isSigned) return null;
    const secret = await this.#vault.get(secretKey);
    if (secret !== undefined) return secret;
    throw new EngineError('vault_failed', 'The signing secret of the webhook is not in the vault any more.', {
      remedy: 'Enter it again in the settings of alerts.',
    });
  }

  /** @throws EngineError `vault_failed`, `storage_failed`; then nothing has changed */
  save(
    settings: AlertSettings,
    change: { kind: 'keep' } | { kind: 'clear' } | { kind: 'set'; value: string },
  ): Promise<void> {
    return this.#inTurn(async () => {
      const isSigned = change.kind === 'keep' ? this.#isSigned : change.kind === 'set';
      const before =
        change.kind === 'keep' ? undefined : await this.#vault.get(secretKey).catch(() => undefined);
      if (change.kind === 'set') await this.#vault.set(secretKey, change.value);
      try {
        await this.#file.save({ settings, isSigned });
      } catch (error) {
        if (change.kind === 'set') {
          await (before === undefined ? this.#vault.delete(secretKey) : this.#vault.set(secretKey, before));
        }
        throw error;
      }
      if (change.kind === 'clear') await this.#vault.delete(secretKey);
      this.#settings = settings;
      this.#isSigned = isSigned;
    });
  }
}

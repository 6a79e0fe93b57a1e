import type { MetricsStatus } from '#shared/contract/metrics.ts';
import type { EndpointSettings } from '#shared/model/metrics-settings.ts';
import { EngineError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { Sources } from '../collect.ts';
import { type HttpEndpoint, openEndpoint } from './http-endpoint.ts';

/** The endpoint as the settings have it: none, or one on one port. */
export class EndpointService {
  readonly #sources: Sources;
  readonly #log: Logger;
  #open: { port: number; endpoint: HttpEndpoint } | null = null;
  #error: MetricsStatus['endpoint']['error'] = null;

  constructor(sources: Sources, log: Logger) {
    this.#sources = sources;
    this.#log = log;
  }

  get isOn(): boolean {
    return this.#open !== null;
  }

  status(): Pick<MetricsStatus['endpoint'], 'url' | 'error'> {
    return { url: this.#open?.endpoint.url ?? null, error: this.#error };
  }

  /** As at the start: what keeps it from opening is part of its status, and returned. */
  async resume(settings: EndpointSettings): Promise<EngineError | null> {
    try {
      await this.set(settings, async () => {});
      return null;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#error = error.toPayload();
      return error;
    }
  }

  /**
   * Opens, moves or closes it, and saves in between. When either fails, all is as it was.
   * @throws EngineError `port_in_use`, and what `save` throws
   */
  async set({ enabled, port }: EndpointSettings, save: () => Promise<void>): Promise<void> {
    if (enabled && this.#open?.port === port) return await save();
    const opened = enabled ? await openEndpoint(port, this.#sources, this.#log) : null;
    try {
      await save();
    } catch (error) {
      await opened?.close();
      throw error;
    }
    const before = this.#open;
    this.#open = opened === null ? null : { port, endpoint: opened };
    this.#error = null;
    await before?.endpoint.close();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.endpoint.close();
  }
}

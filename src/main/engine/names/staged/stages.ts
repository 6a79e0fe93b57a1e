import {
  maxPartBytes,
  maxStagedBytes,
  type Reading,
  type StagedPreview,
} from '#shared/contract/names-staged.ts';
import { EngineError } from '../../base/errors.ts';
import { readNames } from './read-names.ts';

interface Stage {
  callerId: string;
  parts: Buffer[];
  bytes: number;
  /** As previewed last: what the user saw is what is added. */
  names: string[] | null;
  timer: NodeJS.Timeout;
}

/** Nobody looks at a preview for longer, and what was sent takes memory. */
const lifeMs = 30 * 60_000;
/** As many windows may have a file or paste at hand. */
const maxStages = 8;

/** Files and pastes between being chosen and being added. In memory only. */
export class Stages {
  readonly #stages = new Map<string, Stage>();

  /** @throws EngineError `bad_input` when it is too large or a part is missing */
  take(stageId: string, callerId: string, offset: number, base64: string): number {
    const stage = offset === 0 ? this.#begin(stageId, callerId) : this.#of(stageId, callerId);
    const part = Buffer.from(base64, 'base64');
    if (offset !== stage.bytes || part.length > maxPartBytes) {
      throw new EngineError('bad_input', 'A part of the file got lost on its way.', {
        remedy: 'Choose it again.',
      });
    }
    if (stage.bytes + part.length > maxStagedBytes) {
      this.drop(stageId);
      throw new EngineError(
        'bad_input',
        `That is more than ${maxStagedBytes / 2 ** 20} MiB, the most that is taken at once.`,
        {
          remedy: 'Split it, and add one part after the other.',
        },
      );
    }
    stage.parts.push(part);
    stage.bytes += part.length;
    stage.names = null;
    return stage.bytes;
  }

  async preview(
    stageId: string,
    callerId: string,
    fileName: string | null,
    reading: Reading,
    signal: AbortSignal,
  ): Promise<StagedPreview> {
    const stage = this.#of(stageId, callerId);
    if (stage.bytes === 0) throw empty(fileName);
    const whole = Buffer.concat(stage.parts, stage.bytes);
    stage.parts = [whole];
    stage.names = null;
    const { names, told } = await readNames(whole, fileName, reading, signal);
    stage.names = names;
    return { stageId, ...told };
  }

  /** @throws EngineError `bad_input` when there is nothing to add, `not_found` */
  namesOf(stageId: string, callerId: string): readonly string[] {
    const { names } = this.#of(stageId, callerId);
    if (names === null || names.length === 0) {
      throw new EngineError('bad_input', 'There are no names to add.', {
        remedy: 'Choose a file that has some.',
      });
    }
    return names;
  }

  drop(stageId: string): void {
    clearTimeout(this.#stages.get(stageId)?.timer);
    this.#stages.delete(stageId);
  }

  /** What a window staged goes with it: no other can reach it. */
  callerGone(callerId: string): void {
    for (const [id, stage] of [...this.#stages]) if (stage.callerId === callerId) this.drop(id);
  }

  close(): void {
    for (const stageId of [...this.#stages.keys()]) this.drop(stageId);
  }

  #begin(stageId: string, callerId: string): Stage {
    this.callerGone(callerId);
    const [oldest] = this.#stages.keys();
    if (this.#stages.size >= maxStages && oldest !== undefined) this.drop(oldest);
    const timer = setTimeout(() => this.drop(stageId), lifeMs);
    timer.unref();
    const stage: Stage = { callerId, parts: [], bytes: 0, names: null, timer };
    this.#stages.set(stageId, stage);
    return stage;
  }

  #of(stageId: string, callerId: string): Stage {
    const stage = this.#stages.get(stageId);
    if (stage !== undefined && stage.callerId === callerId) return stage;
    throw new EngineError('not_found', 'What was chosen is not at hand any more.', {
      remedy: 'Choose it again.',
    });
  }
}

const empty = (fileName: string | null) =>
  new EngineError('bad_input', fileName === null ? 'Nothing was pasted.' : `“${fileName}” is empty.`, {
    remedy: 'Choose something with names in it.',
  });

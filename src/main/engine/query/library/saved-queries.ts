import * as z from 'zod/mini';
import type { SavedQuery } from '#shared/model/query-library.ts';
import { EngineError } from '../../base/errors.ts';
import { type FileDeps, jsonFile } from '../../base/json-file.ts';

const schema = z.array(
  z.object({
    savedId: z.string(),
    name: z.string(),
    text: z.string(),
    parameterTypes: z.array(z.nullable(z.string())),
    updatedAtMs: z.number(),
  }),
);

/** More than anybody looks through. */
const mostQueries = 2000;

/** Statements under names, for all connections. On disk before they are answered. */
export class SavedQueries {
  readonly #file;
  readonly #loaded: Promise<void>;
  #queries: SavedQuery[] = [];

  constructor(deps: FileDeps) {
    this.#file = jsonFile(deps, {
      fileName: 'saved-queries.json',
      what: 'The list of saved queries',
      schema,
      empty: [],
    });
    this.#loaded = this.#file.load().then((queries) => {
      this.#queries = queries;
    });
  }

  async list(): Promise<SavedQuery[]> {
    await this.#loaded;
    return this.#queries.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  }

  /** @throws EngineError `unique_violation` when another has that name */
  async save(query: SavedQuery): Promise<SavedQuery> {
    await this.#loaded;
    const others = this.#queries.filter(({ savedId }) => savedId !== query.savedId);
    if (others.some(({ name }) => name.toLowerCase() === query.name.toLowerCase())) {
      throw new EngineError('unique_violation', `There is a saved query named "${query.name}" already.`, {
        remedy: 'Choose another name, or change that one.',
      });
    }
    if (others.length >= mostQueries) {
      throw new EngineError(
        'bad_input',
        `There are ${mostQueries.toLocaleString('en-US')} saved queries already.`,
        {
          remedy: 'Delete some of them.',
        },
      );
    }
    await this.#replace([...others, query]);
    return query;
  }

  /** @throws EngineError `not_found` */
  async delete(savedId: string): Promise<SavedQuery> {
    await this.#loaded;
    const query = this.#queries.find((saved) => saved.savedId === savedId);
    if (query === undefined) throw new EngineError('not_found', 'That saved query was deleted already.');
    await this.#replace(this.#queries.filter((saved) => saved !== query));
    return query;
  }

  async #replace(queries: SavedQuery[]): Promise<void> {
    await this.#file.save(queries);
    this.#queries = queries;
  }
}

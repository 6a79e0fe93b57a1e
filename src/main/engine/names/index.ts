import type { CallContext, Handlers } from '#shared/contract/define.ts';
import { mayBeStored, type NamesPlace, type namesRoutes } from '#shared/contract/names.ts';
import type { ProfileDraft } from '#shared/model/profile.ts';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/log.ts';
import type { RowExport } from '../exporter/index.ts';
import type { EnginePorts } from '../ports.ts';
import { addRow, type Change, deleteRow, findRow, restoreRow, updateRow } from './change-row.ts';
import { createChosenSchemas } from './chosen-schemas.ts';
import { copyNames } from './copy-names.ts';
import { createTable } from './create-table.ts';
import { exportedColumns, exportedRows } from './export-names.ts';
import { lookAtTable, schemasOf } from './names-table.ts';
import { countRows, readPage, watchRows } from './read-page.ts';
import { Stages } from './staged/stages.ts';
import {
  type Answered,
  inTransaction,
  type Queryable,
  type TransactionPool,
  type TransactionTerms,
} from './transaction.ts';
import {
  inOurWords,
  noTable,
  nothingAdded,
  nothingAddedUnlessInDoubt,
  readOnly,
  tookTooLong,
} from './words.ts';

export interface NamesDeps {
  /** The profile's live pool. Throws `pool_closed`. */
  poolOf(profileId: string): TransactionPool;
  /** Throws `not_found`. */
  profileOf(profileId: string): Pick<ProfileDraft, 'name' | 'readOnly'>;
  isKnown(profileId: string): boolean;
  saveRows<Row>(
    rows: RowExport<Row>,
    asked: CallContext & { exportId: string },
  ): ReturnType<EnginePorts['saveFile']>;
  events: EventBus;
  clock: Clock;
  dataFolder: string;
  log: Logger;
  /** How long the server may work on one statement. */
  statementLimitMs?: number;
  /** How long on one that reads as much of the table as it takes. */
  searchLimitMs?: number;
}

/** Of millions of names on a slow disk; a table that is locked ends it sooner. */
const longLimitMs = 10 * 60_000;
const progressEveryMs = 150;

type Asked = { profileId: string; schema: string };

/** The table `names`, by way of the profile's own pool, so that its use shows on the charts. */
export function createNames(deps: NamesDeps): {
  handlers: Handlers<typeof namesRoutes>;
  callerGone(callerId: string): void;
  close(): void;
} {
  const { poolOf, profileOf, events, log, statementLimitMs = 15_000, searchLimitMs = 10_000 } = deps;
  const chosen = createChosenSchemas(deps.dataFolder, deps.isKnown, log);
  const stages = new Stages();

  async function onTable<T>(
    profileId: string,
    terms: Omit<TransactionTerms, 'statementLimitMs'> & { statementLimitMs?: number },
    work: (client: Queryable) => Promise<T>,
  ): Promise<Answered<T>> {
    if (terms.mayBeStored !== undefined && profileOf(profileId).readOnly) throw readOnly();
    try {
      return await inTransaction(poolOf(profileId), { statementLimitMs, ...terms }, work);
    } catch (error) {
      throw inOurWords(error);
    }
  }

  /** Reading that may take long, and is then said to have taken too long. */
  async function looking<T>(
    profileId: string,
    signal: AbortSignal,
    work: (client: Queryable) => Promise<T>,
    limitMs = searchLimitMs,
  ): Promise<Answered<T>> {
    try {
      return await onTable(profileId, { signal, statementLimitMs: limitMs }, work);
    } catch (error) {
      throw tookTooLong(error, limitMs);
    }
  }

  async function change(
    profileId: string,
    signal: AbortSignal,
    work: (client: Queryable) => Promise<Change>,
  ) {
    const { value, served } = await onTable(profileId, { signal, mayBeStored: mayBeStored.change }, work);
    return { ...value, served };
  }

  const look = (schema: string | null) => async (client: Queryable) => ({
    ...(await lookAtTable(client, schema)),
    schemas: await schemasOf(client),
  });

  async function place(profileId: string, signal: AbortSignal): Promise<NamesPlace> {
    const chosenSchema = await chosen.of(profileId);
    const { value, served } = await onTable(profileId, { signal }, look(chosenSchema));
    return { ...value, chosenSchema, served };
  }

  const handlers: Handlers<typeof namesRoutes> = {
    'names.table': ({ profileId }, { signal }) => place(profileId, signal),
    async 'names.chooseSchema'({ profileId, schema }, { signal }) {
      profileOf(profileId);
      await chosen.choose(profileId, schema);
      return await place(profileId, signal);
    },
    async 'names.createTable'({ profileId, schema }, { signal }) {
      if (profileOf(profileId).readOnly) throw readOnly();
      const chosenSchema = await chosen.of(profileId);
      const terms = { signal, statementLimitMs, mayBeStored: mayBeStored.createTable };
      const found = async (client: Queryable) => {
        const there = await look(chosenSchema)(client);
        const isSeen = there.table.state === 'ready' && there.table.schema === schema;
        return isSeen
          ? { ...there, chosenSchema }
          : { ...(await look(schema)(client)), chosenSchema: schema };
      };
      const created = await createTable(() => poolOf(profileId), schema, terms, log, found).catch(
        (error: unknown) => {
          throw inOurWords(error);
        },
      );
      // Where it was created is where to look from now on, also when the search path leads elsewhere.
      const { value, served } = created;
      if (value.chosenSchema !== chosenSchema) await chosen.choose(profileId, value.chosenSchema);
      return { ...value, served };
    },
    async 'names.page'({ profileId, schema, search, at, limit }, { signal }) {
      const { value, served } = await looking(profileId, signal, (client) =>
        readPage(client, schema, search, at, limit),
      );
      return { ...value, served };
    },
    async 'names.count'({ profileId, schema, search }, { signal }) {
      const counting = looking(profileId, signal, (client) => countRows(client, schema, search), longLimitMs);
      const { value, served } = await counting;
      return { count: value, served };
    },
    async 'names.watch'({ profileId, schema, search, fromId, limit }, { signal }) {
      if (poolOf(profileId).isExhausted) return null;
      const { value, served } = await looking(profileId, signal, (client) =>
        watchRows(client, schema, search, fromId, limit),
      );
      return { ...value, served };
    },
    async 'names.find'({ profileId, schema, id }, { signal }) {
      const { value, served } = await onTable(profileId, { signal }, (client) => findRow(client, schema, id));
      return { row: value, served };
    },
    // Never tried again by itself: a lost answer may belong to a row that was stored.
    async 'names.add'({ profileId, schema, name }, { signal }) {
      const terms = { signal, mayBeStored: mayBeStored.add };
      const { value, served } = await onTable(profileId, terms, (client) => addRow(client, schema, name));
      return { row: value, served };
    },
    'names.update': ({ profileId, schema, id, from, to }, { signal }) =>
      change(profileId, signal, (client) => updateRow(client, schema, { id, from, to })),
    'names.delete': ({ profileId, schema, id, name }, { signal }) =>
      change(profileId, signal, (client) => deleteRow(client, schema, { id, name })),
    'names.restore': ({ profileId, schema, id, name }, { signal }) =>
      change(profileId, signal, (client) => restoreRow(client, schema, { id, name })),

    async 'names.export'({ profileId, schema, search, exportId, format }, { callerId, signal }) {
      const { rows: expectedRows, isReady } = await expected(profileId, schema, search === null, signal);
      if (!isReady) throw noTable();
      // The export outlives the request: a browser fetches the file later, and stops between two pages.
      const { signal: unending } = new AbortController();
      const batches = () =>
        exportedRows(schema, search, async (work) => (await looking(profileId, unending, work)).value);
      const { name } = profileOf(profileId);
      return await deps.saveRows(
        {
          format,
          name: `${name} names`,
          fromMs: deps.clock.nowMs(),
          columns: exportedColumns,
          expectedRows,
          batches,
        },
        { exportId, callerId, signal },
      );
    },

    'names.stage': ({ stageId, offset, base64 }, { callerId }) => ({
      bytes: stages.take(stageId, callerId, offset, base64),
    }),
    'names.preview': ({ stageId, fileName, reading }, { callerId, signal }) =>
      stages.preview(stageId, callerId, fileName, reading, signal),
    'names.unstage': ({ stageId }) => {
      stages.drop(stageId);
      return { stageId };
    },
    async 'names.addMany'({ profileId, schema, stageId }, { callerId, signal }) {
      if (profileOf(profileId).readOnly) throw readOnly();
      const names = stages.namesOf(stageId, callerId);
      const added = await addMany({ profileId, schema }, names, stageId, signal);
      stages.drop(stageId);
      return added;
    },
  };

  /** About how many rows an export has; 0 when nobody knows. */
  async function expected(profileId: string, schema: string, isWhole: boolean, signal: AbortSignal) {
    const { value } = await onTable(profileId, { signal }, (client) => lookAtTable(client, schema));
    const { table } = value;
    const isReady = table.state === 'ready';
    return { isReady, rows: isReady && isWhole ? (table.estimatedRows ?? 0) : 0 };
  }

  async function addMany(
    { profileId, schema }: Asked,
    names: readonly string[],
    stageId: string,
    signal: AbortSignal,
  ) {
    let toldMs = performance.now();
    const tell = (sent: number) => {
      if (sent < names.length && performance.now() - toldMs < progressEveryMs) return;
      toldMs = performance.now();
      events.emit('names.addManyProgress', { stageId, sent, total: names.length });
    };
    const terms = { signal, statementLimitMs: longLimitMs, mayBeStored: mayBeStored.addMany };
    let isSent = false;
    try {
      const { value, served } = await onTable(profileId, terms, async (client) => {
        const count = await copyNames(client, schema, names, tell);
        isSent = true;
        return count;
      });
      return { added: value, served };
    } catch (error) {
      throw isSent ? nothingAddedUnlessInDoubt(error) : nothingAdded(error);
    }
  }

  return {
    handlers,
    callerGone: (callerId) => stages.callerGone(callerId),
    close: () => stages.close(),
  };
}

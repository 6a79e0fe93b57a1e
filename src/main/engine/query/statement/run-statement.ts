import type { PoolClient } from 'pg';
import type { CutShort, QueryParameter } from '#shared/model/query.ts';
import { describeStatement } from '../protocol/describe.ts';
import type { Field } from '../protocol/exchange.ts';
import { type FetchEnd, Portal, type RowSink } from '../protocol/portal.ts';
import { checkParameterValues, oidOf } from './parameters.ts';

const firstRows = 200;
const batchRows = { least: 500, most: 50_000 };
/** Aimed at, by the length of the rows before. */
const batchBytes = 4 * 1024 * 1024;

/** Where rows go; `ShelvedResult` has one. */
export interface RowTarget extends Omit<RowSink, 'fields'> {
  readonly rows: number;
  readonly bytes: number;
  /** Makes what came so far readable. */
  flush(): void;
  /** False when nothing more is to be kept. @throws EngineError `storage_failed` */
  hasRoom(): Promise<boolean>;
}

export interface StatementTerms {
  client: PoolClient;
  text: string;
  parameters: readonly QueryParameter[];
  portalName: string;
  rowLimit: number | null;
  /** Whether a statement whose rows are not all wanted is run to its end all the same. */
  runToEnd: boolean;
  /** Whether a transaction block is around it, without which a statement cannot pause. */
  inBlock: boolean;
  /** Runs one exchange with the server; may refuse to. */
  step<T>(work: () => Promise<T>): Promise<T>;
  onSent(): void;
  /** The first row, or the end. */
  onFirst(): void;
  onFields(fields: readonly Field[]): void;
  /** Rows of a batch are there, and whether there are more. */
  onBatch(hasMore: boolean): Promise<void>;
}

/** Runs a statement and takes its rows, batch after batch. @throws the server's errors, and `bad_input` */
export async function runStatement(
  terms: StatementTerms,
  target: RowTarget,
): Promise<{ tag: string | null; cutShort: CutShort }> {
  const { client, text, parameters, step, rowLimit, inBlock } = terms;
  const limit = rowLimit ?? Number.POSITIVE_INFINITY;
  const types = parameters.map(({ type }) => oidOf(type));
  const mustInfer = parameters.some(({ type, value }) => type === null && value !== null);
  if (mustInfer) {
    const { parameterOids } = await step(() => describeStatement(client, text, types));
    checkParameterValues(parameters, parameterOids);
  }

  let surplus = 0;
  const sink: RowSink = {
    fields: (fields) => terms.onFields(fields),
    row(values) {
      if (target.rows < limit && !isCut) target.row(values);
      else surplus += 1;
    },
    isFull: () => target.isFull(),
    onDrained: (resume) => target.onDrained(resume),
  };
  const portal = new Portal(client, terms.portalName, sink);
  const opening = {
    // Outside of a block a pooler may answer from another server connection, where nothing was prepared.
    statement: mustInfer && inBlock ? null : { text, types },
    values: parameters.map(({ value }) => value),
  };
  let isCut = false;
  terms.onSent();
  let end: FetchEnd = await step(() => {
    const rows = inBlock ? Math.min(firstRows, limit) : 0;
    return portal.open(opening, rows, terms.onFirst);
  });
  target.flush();
  await terms.onBatch(end.kind === 'suspended');
  while (end.kind === 'suspended' && target.rows < limit) {
    if (!(await target.hasRoom())) {
      isCut = true;
      break;
    }
    const rows = Math.min(nextBatch(target), limit - target.rows);
    end = await step(() => portal.fetch(rows));
    target.flush();
    await terms.onBatch(end.kind === 'suspended');
  }
  if (end.kind === 'suspended') {
    // One row more tells whether there are more; a statement that writes is run to its end.
    end = await step(() => portal.fetch(terms.runToEnd ? 0 : 1));
    if (end.kind === 'suspended') await step(() => portal.close());
  }
  const cutShort = surplus === 0 ? null : isCut ? 'spaceLimit' : 'rowLimit';
  return { tag: end.kind === 'complete' ? end.tag : null, cutShort };
}

function nextBatch({ rows, bytes }: RowTarget): number {
  const fitting = Math.floor((batchBytes * rows) / Math.max(1, bytes));
  return Math.max(batchRows.least, Math.min(batchRows.most, fitting));
}

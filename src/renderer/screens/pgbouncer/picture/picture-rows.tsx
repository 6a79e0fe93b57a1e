import type {
  BackendNode,
  ClientNode,
  JoinedPicture,
  PictureNode,
  PoolNode,
  PreparedTransactionNode,
} from '#shared/model/picture.ts';
import { noValue } from '../../../charts/formats.ts';
import { formatAge } from '../../../kit/age-words.ts';
import type { CellValue, TableColumn } from '../../../kit/data-table/table-column.ts';
import { Unknown } from '../../../kit/data-table/table-row.tsx';
import { nodeWords } from './node-words.ts';

/** A client with the nodes its path leads over. */
export interface PictureItem {
  id: string;
  client: ClientNode;
  pool: PoolNode | null;
  backend: BackendNode | null;
  culprit: BackendNode | PreparedTransactionNode | null;
  /** Why the path ends before a culprit. */
  unknown: string | null;
}

export function pictureItems(picture: JoinedPicture): PictureItem[] {
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const of = <K extends PictureNode['kind']>(id: string | null, ...kinds: K[]) => {
    const node = id === null ? undefined : nodes.get(id);
    return node !== undefined && kinds.some((kind) => kind === node.kind)
      ? (node as Extract<PictureNode, { kind: K }>)
      : null;
  };
  return picture.rows.flatMap((row) => {
    const client = of(row.clientId, 'client');
    if (client === null) return [];
    return {
      id: row.clientId,
      client,
      pool: of(row.poolId, 'pool'),
      backend: of(row.backendId, 'backend'),
      culprit: of(row.culpritId, 'backend', 'preparedTransaction'),
      unknown: row.unknown,
    };
  });
}

type Column = TableColumn<PictureItem>;

const text = (
  key: string,
  label: string,
  widthPx: number,
  textOf: (item: PictureItem) => CellValue,
): Column => ({
  key,
  label,
  widthPx,
  value: textOf,
});

export const pictureColumns: readonly Column[] = [
  text('application', 'Client', 140, ({ client }) => client.applicationName || '(no name)'),
  {
    key: 'wait',
    label: 'Waits',
    about: 'How long it has waited for a server connection, or for its answer',
    widthPx: 92,
    align: 'end',
    largestFirst: true,
    value: ({ client }) => client.waitMs,
    cell: ({ client }) => (client.waitMs === null ? <Unknown /> : formatAge(client.waitMs)),
  },
  text('state', 'State', 92, ({ client }) => client.state),
  text('database', 'Database', 110, ({ client }) => client.database),
  text('user', 'User', 100, ({ client }) => client.user),
  {
    key: 'backend',
    label: 'Behind pid',
    about: 'The backend of its server connection, or of the one it waits for',
    widthPx: 116,
    align: 'end',
    value: ({ backend }) => backend?.pid ?? null,
    cell: ({ backend }) => backend?.pid ?? noValue,
  },
  {
    key: 'culprit',
    label: 'Held up by',
    widthPx: 320,
    grows: true,
    value: ({ culprit, unknown }) => (culprit === null ? unknown : nodeWords(culprit).join(', ')),
    cell: ({ culprit, unknown }) => {
      const words = culprit === null ? (unknown ?? 'nothing') : nodeWords(culprit).join(', ');
      return <span title={words}>{words}</span>;
    },
  },
  { ...text('address', 'Address', 130, ({ client }) => client.address), startsHidden: true },
];

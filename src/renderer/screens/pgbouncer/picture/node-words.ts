import type { PictureNode } from '#shared/model/picture.ts';
import { stateWords } from '#shared/model/sessions/filter.ts';
import { formatAge } from '../../../kit/age-words.ts';

const age = (ms: number | null) => (ms === null ? '' : ` for ${formatAge(ms)}`);
const known = (value: string | number | null) => value ?? 'unknown';

/** What stands in a node's box: its name, and how it is. */
export function nodeWords(node: PictureNode): [name: string, state: string] {
  switch (node.kind) {
    case 'client':
      return [node.applicationName || node.user, `${node.state}${age(node.waitMs)}`];
    case 'pool':
      return [
        `${node.database} · ${node.user}`,
        `${known(node.clWaiting)} waiting, ${known(node.svOpen)} of ${known(node.poolSize)} open`,
      ];
    case 'server':
      return [
        node.address === null ? 'Unix socket' : `${node.address}:${known(node.port)}`,
        node.remotePid ? `${node.state}, pid ${node.remotePid}` : node.state,
      ];
    case 'backend':
      return [
        `${node.pid} ${node.applicationName || node.user || ''}`.trim(),
        node.state === 'unknown' ? 'state unknown' : `${stateWords[node.state]}${age(node.stateAgeMs)}`,
      ];
    case 'preparedTransaction':
      return ['Prepared transaction', node.label];
  }
}

const kindWords: Record<PictureNode['kind'], string> = {
  client: 'Client',
  pool: 'Pool',
  server: 'Server connection',
  backend: 'Backend',
  preparedTransaction: 'Prepared transaction',
};

export const kindWord = ({ kind }: PictureNode): string => kindWords[kind];

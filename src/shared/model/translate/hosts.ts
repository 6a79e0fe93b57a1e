import type { ProfileDraft } from '../profile.ts';
import type { Settings } from './translation.ts';

export const allHosts = (draft: ProfileDraft): { host: string; port: number }[] => [
  { host: draft.host, port: draft.port },
  ...draft.moreHosts,
];

/**
 * Hosts and ports as lists, as libpq takes them: one port serves all hosts. A sentence when they do
 * not match. Missing ports are 5432.
 */
export function hostSettings(hosts: string[], ports: number[]): Settings | string {
  if (ports.length > 1 && ports.length !== hosts.length)
    return `There are ${hosts.length} hosts and ${ports.length} ports: write one port for all, or one for each.`;
  const [first, ...rest] = hosts.map((host, i) => ({ host, port: ports[i] ?? ports[0] ?? 5432 }));
  if (first === undefined) return 'There is no host.';
  return { host: first.host, port: first.port, moreHosts: rest };
}

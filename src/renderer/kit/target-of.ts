import type { ProfileDraft } from '#shared/model/profile.ts';

/** Where a profile points, without the password: `user@host:port/database`; IPv6 hosts in brackets. */
export function targetOf({
  user,
  host,
  port,
  database,
}: Pick<ProfileDraft, 'user' | 'host' | 'port' | 'database'>): string {
  const place = host.includes(':') ? `[${host}]` : host;
  return `${user}@${place}:${port}/${database}`;
}

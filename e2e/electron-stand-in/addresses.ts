/**
 * Chromium alone does not know `app://`, so `app://poolscope/x` stands as
 * `https://poolscope.app.invalid/x` in the page: a secure origin that cannot exist (RFC 6761).
 * Main sees its own addresses only.
 */
const schemes = new Set<string>();

export function registerScheme(scheme: string): void {
  schemes.add(scheme);
}

/** Addresses of other schemes are left as they are. */
export function toPageUrl(address: string): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(address);
  const [, scheme = '', host = '', rest = ''] = match ?? [];
  return schemes.has(scheme) ? `https://${host}.${scheme}.invalid${rest || '/'}` : address;
}

const pageUrl = /^https:\/\/([^/?#]*)\.([a-z][a-z0-9+-]*)\.invalid(?=[/?#]|$)/i;

export function isStandInUrl(address: string): boolean {
  return schemes.has(pageUrl.exec(address)?.[2] ?? '');
}

/** The inverse, for addresses and origins. */
export function fromPageUrl(address: string): string {
  const [prefix, host, scheme] = pageUrl.exec(address) ?? [];
  if (prefix === undefined || scheme === undefined || !schemes.has(scheme)) return address;
  return `${scheme}://${host}${address.slice(prefix.length)}`;
}

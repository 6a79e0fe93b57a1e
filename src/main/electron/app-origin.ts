/** The window's own origin: a private scheme, so that no other program on the machine can serve it. */
export const appScheme = 'app';
const appHost = 'poolscope';
export const appOrigin = `${appScheme}://${appHost}`;

/** True for addresses inside our own window. Node gives custom schemes no origin, so parts are compared. */
export function isAppUrl(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${appScheme}:` && url.host === appHost;
}

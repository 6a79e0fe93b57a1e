import { shell, type WebContents } from 'electron';
import { isAppUrl } from './app-origin.ts';

/** The only places a link may open in the user's browser. */
const externalHosts = new Set(['www.postgresql.org', 'node-postgres.com']);

/** True for https addresses of the allow-list, on the usual port and without credentials. */
function isAllowedExternal(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    externalHosts.has(url.host)
  );
}

/** Keeps a page where it is: it may reload itself; it goes nowhere else, opens no window, embeds no guest. */
export function guardNavigation(contents: WebContents): void {
  const stayHome = (details: { url: string; preventDefault: () => void }) => {
    if (!isAppUrl(details.url)) details.preventDefault();
  };
  contents.on('will-navigate', stayHome);
  contents.on('will-frame-navigate', stayHome);
  contents.on('will-redirect', stayHome);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    // Failing to find a browser is the system's to report.
    if (isAllowedExternal(url)) shell.openExternal(url).catch(() => {});
    return { action: 'deny' };
  });
}

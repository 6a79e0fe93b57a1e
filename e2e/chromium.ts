import { findChromium } from '../src/main/web/find-chromium.ts';

/** A browser that is quiet: nothing fetched, nothing synchronised, no first-run pages. */
const quietArgs = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The browser the tests drive, and how to start it. As root Chromium's own sandbox cannot work.
 * @throws Error with one plain sentence when there is none
 */
export function chromiumLaunch(): { executablePath: string; args: string[] } {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error(
      'No Chromium, Chrome or Edge was found. Install one, or name its program in CHROME_PATH.',
    );
  }
  const isRoot = process.getuid?.() === 0;
  return { executablePath, args: isRoot ? ['--no-sandbox', ...quietArgs] : quietArgs };
}

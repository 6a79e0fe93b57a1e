import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type BrowserContext, chromium } from 'playwright';
import { chromiumLaunch } from '../chromium.ts';

/**
 * Starts the Chromium that shows the windows. Its profile lies in userData, as Electron's does, so
 * what a page stores survives a restart. Signals are the program's own affair, as in Electron.
 */
export async function launchChromium(userData: string): Promise<BrowserContext> {
  const profile = path.join(userData, 'stand-in-chromium');
  const { executablePath, args } = chromiumLaunch();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...args, '--remote-debugging-port=0'],
    headless: true,
    viewport: null,
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    contrast: null,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const portFile = path.join(profile, 'DevToolsActivePort');
  if (!existsSync(portFile)) throw new Error('Chromium did not say where its DevTools listen.');
  const [port] = readFileSync(portFile, 'utf8').split('\n');
  // The test attaches here.
  process.stdout.write(`Electron stand-in: DevTools at http://127.0.0.1:${port}\n`);
  return context;
}

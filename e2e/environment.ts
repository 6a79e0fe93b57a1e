import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { hasDisplay } from '../src/main/web/find-chromium.ts';

export const root = path.resolve(import.meta.dirname, '..');

/** The three ways the same specs run. */
export type ShellName = 'web' | 'electron-stand-in' | 'electron';

/** Fixed, and not UTC: a time that was meant to be UTC and is not shows. */
export const locale = 'en-GB';
export const timezoneId = 'Europe/Berlin';

export const built = (file: string) => path.join(root, 'out', file);

/** Where Electron's own program would lie; null when its runtime was never fetched. */
export function electronProgram(): string | null {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const installed = packageFolder('electron');
  // The installer writes path.txt last: a runtime that was cut short does not count.
  if (!override && !existsSync(path.join(installed, 'path.txt'))) return null;
  const folder = override || path.join(installed, 'dist');
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const program = path.join(folder, names[process.platform] ?? 'electron');
  return existsSync(program) ? program : null;
}

/** One sentence why this shell cannot run on this machine; null when it can. */
export function reasonNotToRun(shell: ShellName): string | null {
  if (shell !== 'electron') return null;
  if (electronProgram() === null) {
    return 'Electron itself is not tested here: its runtime is not on this machine (npx install-electron fetches it).';
  }
  if (!hasDisplay())
    return 'Electron itself is not tested here: this machine has no display (xvfb-run offers one).';
  return null;
}

function packageFolder(name: string): string {
  return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

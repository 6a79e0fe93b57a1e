import { spawn } from 'node:child_process';

const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens an address in the default browser, if there is one; the address is printed anyway. */
export function openBrowser(url: string): void {
  const [program, ...flags] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...flags, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

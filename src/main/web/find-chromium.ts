import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** What the search needs to know of this machine; given by tests. */
export interface Machine {
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  home: string;
  isExecutable(file: string): boolean;
}

const thisMachine: Machine = {
  platform: process.platform,
  environment: process.env,
  home: homedir(),
  isExecutable(file) {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
};

const linuxNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const macNames = ['Chromium', 'Google Chrome', 'Microsoft Edge'];
const windowsPaths = [
  'Chromium\\Application\\chrome.exe',
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

function candidates({ platform, environment, home }: Machine): string[] {
  if (platform === 'darwin') {
    const folders = ['/Applications', path.posix.join(home, 'Applications')];
    return macNames.flatMap((name) =>
      folders.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    );
  }
  if (platform === 'win32') {
    const folders = [environment.LOCALAPPDATA, environment.ProgramFiles, environment['ProgramFiles(x86)']];
    return windowsPaths.flatMap((tail) =>
      folders.flatMap((folder) => (folder ? [`${folder}\\${tail}`] : [])),
    );
  }
  const folders = (environment.PATH ?? '').split(':').filter((folder) => path.posix.isAbsolute(folder));
  return linuxNames.flatMap((name) => folders.map((folder) => path.posix.join(folder, name)));
}

/** The program of an installed Chromium, Chrome or Edge; CHROME_PATH decides when set. Null when there is none. */
export function findChromium(machine: Machine = thisMachine): string | null {
  const chosen = machine.environment.CHROME_PATH;
  const all = chosen ? [chosen] : candidates(machine);
  return all.find((file) => machine.isExecutable(file)) ?? null;
}

/** Whether a window could appear here. */
export function hasDisplay({
  platform,
  environment,
}: Omit<Machine, 'isExecutable' | 'home'> = thisMachine): boolean {
  if (platform === 'win32') return true;
  if (platform === 'darwin') return !environment.SSH_CONNECTION;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

import { standInSettings } from './settings.ts';

const workArea = { x: 0, y: 0, width: 1920, height: 1040 };

export const screen = {
  getAllDisplays: () => [{ workArea } satisfies Pick<Electron.Display, 'workArea'> as Electron.Display],
} satisfies Pick<Electron.Screen, 'getAllDisplays'>;

const listening = (): Electron.NativeTheme => nativeTheme as unknown as Electron.NativeTheme;

export const nativeTheme = {
  shouldUseDarkColors: standInSettings.dark,
  // The theme of this desktop never changes.
  on: listening,
  off: listening,
} satisfies Pick<Electron.NativeTheme, 'shouldUseDarkColors' | 'on' | 'off'>;

export const shell = {
  async openExternal(url: string) {
    process.stdout.write(`Electron stand-in: would open ${url} in the browser\n`);
  },
  async openPath(path: string) {
    process.stdout.write(`Electron stand-in: would open ${path}\n`);
    return '';
  },
} satisfies Pick<Electron.Shell, 'openExternal' | 'openPath'>;

const defaultSession = {
  // Pages are denied everything by their Chromium unless a test grants it, so there is nothing to ask.
  setPermissionRequestHandler() {},
  setPermissionCheckHandler() {},
  setDevicePermissionHandler() {},
} satisfies Pick<
  Electron.Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

export const session = { defaultSession: defaultSession as unknown as Electron.Session } satisfies Pick<
  typeof Electron.session,
  'defaultSession'
>;

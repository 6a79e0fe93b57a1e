import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { standInSettings } from './settings.ts';

type SaveDialog = Electron.Dialog['showSaveDialog'];
type OpenDialog = Electron.Dialog['showOpenDialog'];

async function showSaveDialog(...args: unknown[]): Promise<Electron.SaveDialogReturnValue> {
  const options = args.at(-1) as Electron.SaveDialogOptions;
  const name = path.basename(options.defaultPath ?? '');
  const { saveFolder } = standInSettings;
  // The user presses Save on the name offered, or Escape.
  return saveFolder === null
    ? { canceled: true, filePath: '' }
    : { canceled: false, filePath: path.join(saveFolder, name) };
}

async function showOpenDialog(): Promise<Electron.OpenDialogReturnValue> {
  const { openFolder } = standInSettings;
  const [name] = openFolder === null ? [] : await readdir(openFolder);
  // The user picks the one file there is, or presses Escape.
  return openFolder === null || name === undefined
    ? { canceled: true, filePaths: [] }
    : { canceled: false, filePaths: [path.join(openFolder, name)] };
}

export const dialog = {
  showSaveDialog: showSaveDialog as SaveDialog,
  showOpenDialog: showOpenDialog as OpenDialog,
  // The user presses the button of that number; without one, Escape.
  showMessageBoxSync: ((...args: unknown[]): number => {
    const { buttons = [], cancelId = 0 } = args.at(-1) as Electron.MessageBoxSyncOptions;
    const at = buttons.indexOf(standInSettings.pressedButton ?? '');
    return at < 0 ? cancelId : at;
  }) as Electron.Dialog['showMessageBoxSync'],
  showErrorBox(title: string, content: string): void {
    // Electron does the same on Linux before the app is ready.
    process.stderr.write(`${title}\n${content}\n`);
  },
} satisfies Pick<
  Electron.Dialog,
  'showSaveDialog' | 'showOpenDialog' | 'showMessageBoxSync' | 'showErrorBox'
>;

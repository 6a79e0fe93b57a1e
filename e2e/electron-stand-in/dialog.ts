import path from 'node:path';
import { standInSettings } from './settings.ts';

type SaveDialog = Electron.Dialog['showSaveDialog'];

async function showSaveDialog(...args: unknown[]): Promise<Electron.SaveDialogReturnValue> {
  const options = args.at(-1) as Electron.SaveDialogOptions;
  const name = path.basename(options.defaultPath ?? '');
  const { saveFolder } = standInSettings;
  // The user presses Save on the name offered, or Escape.
  return saveFolder === null
    ? { canceled: true, filePath: '' }
    : { canceled: false, filePath: path.join(saveFolder, name) };
}

export const dialog = {
  showSaveDialog: showSaveDialog as SaveDialog,
  showErrorBox(title: string, content: string): void {
    // Electron does the same on Linux before the app is ready.
    process.stderr.write(`${title}\n${content}\n`);
  },
} satisfies Pick<Electron.Dialog, 'showSaveDialog' | 'showErrorBox'>;

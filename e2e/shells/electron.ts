import path from 'node:path';
import { _electron } from '@playwright/test';
import { electronProgram, root } from '../environment.ts';
import { markedEnvironment, Program } from '../program.ts';
import { type LaunchOptions, type ShellDriver, secondInstanceMs, shellArguments } from './shell.ts';

const command = () => {
  const program = electronProgram();
  if (program === null) throw new Error('The runtime of Electron is not on this machine.');
  return program;
};

const launchArguments = (options: LaunchOptions): string[] => [
  // As root Chromium's sandbox cannot work.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  root,
  ...shellArguments(options),
];

/** Electron itself, unfused, as it lies in node_modules. */
export const electronDriver: ShellDriver = {
  async start(options) {
    const { env, mark } = markedEnvironment(options.environment);
    const args = launchArguments(options);
    const electron = await _electron.launch({ executablePath: command(), args, cwd: root, env });
    const program = new Program(electron.process(), mark);
    const { sep } = path;
    await electron.evaluate(
      ({ dialog }, { saveFolder, openFolder, sep }) => {
        // The user presses Save on the name offered.
        dialog.showSaveDialog = async (...given: unknown[]) => {
          const { defaultPath = '' } = given.at(-1) as { defaultPath?: string };
          return { canceled: false, filePath: [saveFolder, defaultPath.split(sep).at(-1)].join(sep) };
        };
        // The user picks the one file there is.
        dialog.showOpenDialog = async () => {
          const { readdirSync } = process.getBuiltinModule('node:fs');
          return {
            canceled: false,
            filePaths: readdirSync(openFolder).map((name) => [openFolder, name].join(sep)),
          };
        };
      },
      { saveFolder: options.saveFolder, openFolder: options.openFolder, sep },
    );
    const page = await electron.firstWindow();
    return { page, program, quit: () => electron.close(), async release() {} };
  },
  async startAgain(options) {
    const args = launchArguments(options);
    const program = Program.spawn({ command: command(), args, environment: options.environment });
    return { exitCode: await program.waitForExit(secondInstanceMs), output: program.output };
  },
};

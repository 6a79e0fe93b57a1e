import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './children.mjs';
import { inProject, node24, projectEnvironment, say } from './project.mjs';

const fetchLimitMs = 90_000;
const progressMs = 10_000;

const programNames = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
const programName = programNames[process.platform] ?? 'electron';

/** The Electron program, where its runtime is present; otherwise null. */
export function findElectron(environment = process.env) {
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = inProject('node_modules', 'electron');
  // The installer writes path.txt last, so a runtime that was cut short does not count.
  if (!override && !existsSync(path.join(folder, 'path.txt'))) return null;
  const program = path.join(override || path.join(folder, 'dist'), programName);
  return existsSync(program) ? program : null;
}

/** One attempt, within a time limit. Null when it succeeded; otherwise why not, as half a sentence. */
export async function fetchElectron() {
  if (process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) {
    return 'its runtime is not installed and ELECTRON_SKIP_BINARY_DOWNLOAD forbids fetching it';
  }
  const { version } = JSON.parse(readFileSync(inProject('node_modules', 'electron', 'package.json'), 'utf8'));
  const limit = `${fetchLimitMs / 1000} s`;
  say(`Fetching the Electron ${version} runtime (over 100 MB, once; at most ${limit})…`);
  const startedAtMs = performance.now();
  const secondsPassed = () => Math.round((performance.now() - startedAtMs) / 1000);
  const progress = setInterval(
    () => say(`… still fetching after ${secondsPassed()} s of at most ${limit}`),
    progressMs,
  );
  const installer = inProject('node_modules', 'electron', 'install.js');
  const options = {
    env: projectEnvironment(),
    quietStdout: true,
    captureStderr: true,
    timeoutMs: fetchLimitMs,
  };
  const { code, signal, stderr } = await run(node24, [installer], options);
  clearInterval(progress);
  if (code === 0 && findElectron() !== null) return null;
  if (signal === 'SIGKILL') return `its runtime could not be fetched within ${limit}`;
  return `its runtime could not be fetched (${reasonOf(stderr)})`;
}

/** What went wrong, out of the installer's stack trace. */
function reasonOf(stderr) {
  const status = /Response code (\d{3})/.exec(stderr)?.[1];
  if (status !== undefined) return `the download site answered with status ${status}`;
  if (/fetch failed|terminated|ENOTFOUND|ECONN|ETIMEDOUT/.test(stderr))
    return 'the download site cannot be reached';
  if (/checksum/i.test(stderr)) return 'what came is not the file expected';
  if (/ENOSPC/.test(stderr)) return 'the disk is full';
  if (/EACCES|EROFS|EPERM/.test(stderr)) return 'this account may not write to its folder';
  return /^\s*\w*Error: (.*)$/m.exec(stderr)?.[1] ?? 'its installer did not say why';
}

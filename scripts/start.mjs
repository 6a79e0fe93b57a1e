import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { endWithChildren, run } from './lib/children.mjs';
import { fetchElectron, findElectron } from './lib/electron-runtime.mjs';
import { inProject, projectEnvironment, say } from './lib/project.mjs';
import { runWebShell } from './lib/web-shell.mjs';

const isLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;
const hasDisplay = !isLinux || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Why the app cannot run in Electron here, as half a sentence; null when it can. */
async function obstacleToElectron() {
  if (process.env.POOLSCOPE_SHELL === 'web') return 'POOLSCOPE_SHELL=web asks for the web shell';
  if (!hasDisplay) return 'there is no display here';
  return findElectron() === null ? fetchElectron() : null;
}

/** Runs the app in Electron; answers with its exit code, or null when the runtime itself does not work here. */
async function runElectron(flags) {
  const sandbox = isRoot && isLinux ? ['--no-sandbox'] : [];
  if (sandbox.length > 0) say('Electron runs without its sandbox, because Poolscope was started as root.');
  const { code, signal } = await run(findElectron(), [...sandbox, inProject(), ...flags], {
    env: projectEnvironment(),
  });
  // 127: a system library is missing. These signals: the runtime gave up before our code ran.
  const isBroken =
    code === null ? signal === null || signal === 'SIGTRAP' || signal === 'SIGILL' : code === 127;
  return isBroken ? null : (code ?? 1);
}

endWithChildren(0);
await ensureInstalled();
await ensureBuilt();
const flags = process.argv.slice(2);
let obstacle = await obstacleToElectron();
if (obstacle === null) {
  const exitCode = await runElectron(flags);
  if (exitCode !== null) process.exit(exitCode);
  obstacle = 'its runtime does not start (a system library may be missing: see above)';
}
say(`Poolscope runs in the browser, not in Electron: ${obstacle}.`);
process.exit(await runWebShell([...flags, '--app-window']));

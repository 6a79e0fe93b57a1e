import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { run } from './lib/children.mjs';
import { runNpm } from './lib/npm.mjs';
import { inProject, node24, projectEnvironment, say } from './lib/project.mjs';

const changedAtMs = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

/** Installs the dependencies when there are none, or older ones than package-lock.json names. */
export async function ensureInstalled() {
  // npm writes this file last, so an install that was cut short does not count.
  const installedAtMs = changedAtMs(inProject('node_modules', '.package-lock.json'));
  if (installedAtMs >= changedAtMs(inProject('package-lock.json')) && existsSync(node24)) return;
  say(
    installedAtMs === 0
      ? 'Installing the dependencies…'
      : 'The dependencies have changed; installing them anew…',
  );
  const env = { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };
  // Not `npm ci`: it gives up when a registry lacks the binaries of other systems (optional
  // dependencies) and package-lock.json therefore does. The versions locked are kept all the same.
  const flags = ['--no-save', '--include=dev', '--include=optional', '--loglevel=error'];
  const { code } = await runNpm(['install', ...flags], { env, quietStdout: true });
  if (code === 0) return;
  say('The dependencies could not be installed: npm says why above. Mend it and start again.');
  process.exit(1);
}

const sources = ['src', 'electron.vite.config.ts', 'package.json', 'tsconfig.base.json'];
const outputs = ['main/serve.js', 'main/electron.js', 'preload/index.cjs', 'renderer/index.html'];

function newestChangeMs(file) {
  const found = statSync(file);
  if (!found.isDirectory()) return /\.test\.tsx?$/.test(file) ? 0 : found.mtimeMs;
  return Math.max(0, ...readdirSync(file).map((name) => newestChangeMs(path.join(file, name))));
}

/** Builds the app when it is not built, or older than its sources. */
export async function ensureBuilt() {
  const builtAtMs = Math.min(...outputs.map((name) => changedAtMs(inProject('out', name))));
  if (builtAtMs > Math.max(...sources.map((name) => newestChangeMs(inProject(name))))) return;
  await build();
}

export async function build() {
  say('Building Poolscope…');
  const program = inProject('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { code } = await run(node24, [program, 'build'], { env: projectEnvironment(), quietStdout: true });
  if (code === 0) return;
  say('Poolscope could not be built: the reason stands above.');
  process.exit(1);
}

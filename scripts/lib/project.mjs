import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone, and paths in it. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const inProject = (...parts) => path.join(root, ...parts);

/** The Node that comes with the dependencies. The one that runs these scripts may be older. */
export const node24 = inProject(
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** The environment for programs of the project: its own Node first on the PATH. */
export function projectEnvironment(extra = {}) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [path.dirname(node24), inProject('node_modules', '.bin'), process.env[pathName] ?? ''];
  return { ...process.env, [pathName]: folders.join(path.delimiter), ...extra };
}

/** One sentence to the person who started us. stdout belongs to the programs we start. */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

import { run } from './children.mjs';

/** Runs the npm that runs us, or else the one on the PATH. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath;
  if (npm !== undefined && /\.[cm]?js$/.test(npm)) return run(process.execPath, [npm, ...args], options);
  // Windows starts npm.cmd only through its shell; the arguments are our own words.
  const isWindows = process.platform === 'win32';
  return run(isWindows ? 'npm.cmd' : 'npm', args, { ...options, shell: isWindows });
}

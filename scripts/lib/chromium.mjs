import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './children.mjs';
import { node24, projectEnvironment, root, say } from './project.mjs';

/** Asks the app's own search, which Node 24 can run as it stands. */
function findChromium() {
  const program = `
    import { findChromium } from './src/main/web/find-chromium.ts';
    process.stdout.write(findChromium() ?? '');
  `;
  const flags = ['--input-type=module', '--eval', program];
  return execFileSync(node24, flags, { cwd: root, env: projectEnvironment(), encoding: 'utf8' });
}

/** The end-to-end tests need a browser: on Debian root gets it installed, others are told. */
export async function ensureChromium() {
  if (findChromium() !== '') return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Installing Chromium for the end-to-end tests…');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-q'], { env });
    await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], { env });
  }
  if (findChromium() !== '') return;
  say('The end-to-end tests need a browser: install Chromium, Chrome or Edge, or set CHROME_PATH to one.');
  process.exit(1);
}

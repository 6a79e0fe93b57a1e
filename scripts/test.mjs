import { build, ensureInstalled } from './bootstrap.mjs';
import { endWithChildren, run } from './lib/children.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { runNpm } from './lib/npm.mjs';
import { inProject, node24, projectEnvironment, say } from './lib/project.mjs';

/** One step of the whole; the first that fails ends it, with its exit code. */
async function step(name, run) {
  say(`\nnpm test: ${name}`);
  const { code } = await run();
  if (code === 0) return;
  say(`\nnpm test: ${name} failed.`);
  process.exit(code ?? 1);
}

const runTool = (file, ...args) =>
  run(node24, [inProject('node_modules', ...file.split('/')), ...args], { env: projectEnvironment() });

endWithChildren(130);
await ensureInstalled();
await ensureChromium();
await step('checks', () => runNpm(['run', '--silent', 'check'], { env: projectEnvironment() }));
await step('unit, integration and contract tests', () => runTool('vitest/vitest.mjs', 'run'));
await build();
await step('end-to-end tests', () => runTool('@playwright/test/cli.js', 'test'));
say('\nnpm test: everything passed.');
process.exit(0);

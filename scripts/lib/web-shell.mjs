import { run } from './children.mjs';
import { inProject, node24, projectEnvironment } from './project.mjs';

/** Runs the built web shell until it ends; answers with its exit code. */
export async function runWebShell(flags) {
  const { code } = await run(node24, [inProject('out', 'main', 'serve.js'), ...flags], {
    env: projectEnvironment(),
    // Should this script be killed, the channel breaks and Poolscope ends, too.
    ipc: true,
  });
  return code ?? 1;
}

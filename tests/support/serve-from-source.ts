import { runWebShell } from '../../src/main/web/run-web-shell.ts';

/** The web shell's own program as it stands in the sources: the first argument is its renderer folder. */
const [rendererFolder = '', ...argv] = process.argv.slice(2);
await runWebShell({ argv, rendererFolder });

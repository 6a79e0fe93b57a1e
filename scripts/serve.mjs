import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { endWithChildren } from './lib/children.mjs';
import { runWebShell } from './lib/web-shell.mjs';

endWithChildren(0);
await ensureInstalled();
await ensureBuilt();
process.exit(await runWebShell(process.argv.slice(2)));

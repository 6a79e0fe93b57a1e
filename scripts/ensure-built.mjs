import { ensureBuilt, ensureInstalled } from './bootstrap.mjs';
import { endWithChildren } from './lib/children.mjs';

// For programs that need the built app and are not scripts of this folder.
endWithChildren(130);
await ensureInstalled();
await ensureBuilt();
process.exit(0);

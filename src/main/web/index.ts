import path from 'node:path';
import { runWebShell } from './run-web-shell.ts';

await runWebShell({
  argv: process.argv.slice(2),
  // The build puts out/main and out/renderer side by side.
  rendererFolder: path.join(import.meta.dirname, '..', 'renderer'),
});

/**
 * Fails the build when a file imports what its folder may not, or names what only one file may.
 * The rules are data in lib/boundaries.ts; ARCHITECTURE.md states them in words.
 */
import { globSync, readFileSync } from 'node:fs';
import { findViolations } from './lib/boundaries.ts';

const root = new URL('../', import.meta.url);
const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
const violations = files.flatMap((path) => findViolations(path, readFileSync(new URL(path, root), 'utf8')));

for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exit(1);
console.log(`Boundaries hold in ${files.length} files.`);

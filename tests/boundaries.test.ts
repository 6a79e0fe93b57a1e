import { describe, expect, it } from 'vitest';
import { findViolations } from '../scripts/lib/boundaries.ts';

describe('the boundary check', () => {
  it.each([
    ['src/main/engine/pools/a.ts', "import { app } from 'electron';", 'must run headless'],
    ['src/main/engine/pools/a.ts', "import { x } from '../../web/access.ts';", 'must run headless'],
    [
      'src/main/engine/pools/a.ts',
      "import { x } from '#engine/profiles/profile-store.ts';",
      'through its index.ts',
    ],
    ['src/main/engine/pools/a.ts', "export { x } from '../history/memory.ts';", 'through its index.ts'],
    ['src/main/engine/pools/a.ts', "const x = await import('../history/memory.ts');", 'through its index.ts'],
    [
      'src/main/engine/pools/a.ts',
      "import { createEngine } from '../index.ts';",
      'does not know the whole engine',
    ],
    ['src/renderer/app.tsx', "import fs from 'node:fs';", 'sandboxed page'],
    ['src/renderer/app.tsx', "import type { Client } from 'pg';", 'sandboxed page'],
    ['src/renderer/app.tsx', "import { x } from '../main/engine/base/errors.ts';", 'sandboxed page'],
    ['src/renderer/app.tsx', 'const socket = new WebSocket(address);', 'must not name WebSocket'],
    ['src/shared/a.ts', "import { readFile } from 'node:fs/promises';", 'runs in both processes'],
    ['src/preload/index.ts', "import { z } from 'zod/mini';", 'electron and nothing else'],
    ['src/main/electron/menu.ts', "import { ipcMain } from 'electron';", 'must not name ipcMain'],
    ['src/main/web/access.ts', "import { app } from 'electron';", 'one shell knows nothing of the other'],
  ])('refuses in %s: %s', (path, source, because) => {
    expect(findViolations(path, source).join('\n')).toContain(because);
  });

  it.each([
    ['src/main/engine/pools/a.ts', "import { x } from '#engine/profiles/index.ts';"],
    ['src/main/engine/pools/a.ts', "import { x } from '../base/errors.ts';\nimport { y } from './b.ts';"],
    ['src/renderer/app.tsx', "import { x } from '#shared/model/profile.ts';\n// a WebSocket in a comment"],
    ['src/main/engine/index.ts', "import { createPools } from './pools/index.ts';"],
  ])('allows in %s: %s', (path, source) => {
    expect(findViolations(path, source)).toEqual([]);
  });
});

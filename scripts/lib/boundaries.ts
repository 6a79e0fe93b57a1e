import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A folder and what it must not import. `except` names the files the rule leaves alone. */
interface ImportRule {
  under: string;
  forbids: RegExp;
  because: string;
  except?: RegExp;
}

const testFile = /\.test\.tsx?$/;

const importRules: ImportRule[] = [
  {
    under: 'src/main/engine/',
    forbids: /^electron(\/|$)|^src\/main\/(electron|web|shells)\/|^src\/(renderer|preload)\/|^(ws|sirv)$/,
    because: 'the engine knows no shell: it must run headless',
  },
  {
    under: 'src/renderer/',
    forbids: /^node:|^electron$|^pg(-|$)|^src\/(main|preload)\//,
    because: 'the renderer is a sandboxed page: it reaches the engine through the bridge alone',
    except: testFile,
  },
  {
    under: 'src/shared/',
    forbids: /^node:|^electron$|^pg(-|$)|^react|^src\/(main|preload|renderer)\//,
    because: 'shared code runs in both processes and knows neither',
    except: testFile,
  },
  {
    under: 'src/preload/',
    forbids: /^(?!electron$|src\/(shared|preload)\/)/,
    because: 'a sandboxed preload may require electron and nothing else',
    except: testFile,
  },
  {
    under: 'src/main/web/',
    forbids: /^electron$|^src\/main\/electron\//,
    because: 'one shell knows nothing of the other',
  },
  {
    under: 'src/main/electron/',
    forbids: /^src\/main\/web\/|^(ws|sirv)$/,
    because: 'one shell knows nothing of the other',
  },
];

/** Identifiers that may be named in one file only. */
const soleUses = [
  { identifier: 'ipcMain', only: 'src/main/electron/ipc.ts' },
  { identifier: 'ipcRenderer', only: 'src/preload/index.ts' },
  {
    identifier: 'WebSocket',
    only: 'src/renderer/bridge/websocket-bridge.ts',
    within: /^src\/(renderer|preload|shared)\//,
  },
];

const roomOf = (path: string) => /^src\/main\/engine\/(?!base\/)([^/]+)\//.exec(path)?.[1];

/** A specifier as a path from the project's root where it points into the project. */
function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('#shared/')) return specifier.replace('#shared/', 'src/shared/');
  if (specifier.startsWith('#engine/')) return specifier.replace('#engine/', 'src/main/engine/');
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return specifier;
}

/** One sentence for each rule the file breaks. `path` is relative to the root, with "/". */
export function findViolations(path: string, source: string): string[] {
  const { module, errors } = parseSync(path, source);
  if (errors.length > 0) return [`${path}: cannot be parsed: ${errors[0]?.message}`];
  const specifiers = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((entry) => entry.entries.flatMap((e) => e.moduleRequest?.value ?? [])),
    ...module.dynamicImports.map((entry) =>
      source.slice(entry.moduleRequest.start, entry.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    ),
  ];
  const violations: string[] = [];
  for (const specifier of new Set(specifiers)) {
    const target = resolve(path, specifier);
    for (const rule of importRules) {
      if (!path.startsWith(rule.under) || rule.except?.test(path)) continue;
      if (rule.forbids.test(target))
        violations.push(`${path}: must not import ${specifier}: ${rule.because}.`);
    }
    const from = roomOf(path);
    const to = roomOf(target);
    const reachesInside =
      to !== undefined && to !== from && !/^src\/main\/engine\/[^/]+\/index\.ts$/.test(target);
    // Composition (engine/index.ts) and the shells use a room's face too; tests may look inside.
    if (reachesInside && !testFile.test(path)) {
      violations.push(`${path}: must not import ${specifier}: a room is entered through its index.ts alone.`);
    }
    if (from !== undefined && target === 'src/main/engine/index.ts') {
      violations.push(`${path}: must not import ${specifier}: a room does not know the whole engine.`);
    }
  }
  for (const { identifier, only, within } of soleUses) {
    if (path === only || testFile.test(path) || (within !== undefined && !within.test(path))) continue;
    if (namesIdentifier(source, path, identifier)) {
      violations.push(`${path}: must not name ${identifier}: only ${only} does.`);
    }
  }
  return violations;
}

/** True when an identifier (not a comment or a string) of that name stands in the source. */
function namesIdentifier(source: string, path: string, identifier: string): boolean {
  if (!source.includes(identifier)) return false;
  const text = JSON.stringify(parseSync(path, source).program);
  return new RegExp(`"type":"(?:Identifier|JSXIdentifier)"[^{}]*"name":"${identifier}"`).test(text);
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol } from 'electron';
import { securityHeaders } from '../shells/security-headers.ts';
import { appScheme, isAppUrl } from './app-origin.ts';

/** What the build puts into the renderer's folder. */
const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers `app://poolscope/…` with the renderer's files and nothing else. */
export function serveRenderer(folder: string): void {
  protocol.handle(appScheme, (request) => answer(folder, request.method, request.url));
}

/** One answer of the protocol. `folder` holds the built renderer; `/` is its index.html. */
export async function answer(folder: string, method: string, address: string): Promise<Response> {
  if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'Only GET and HEAD are answered here.');
  const file = fileOf(folder, address);
  if (file === null) return refusal(404, 'There is no such file.');
  let body: Buffer<ArrayBuffer>;
  try {
    body = await readFile(file);
  } catch {
    return refusal(404, 'There is no such file.');
  }
  const contentType = contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
  return new Response(method === 'HEAD' ? null : body, {
    headers: { ...securityHeaders, 'Content-Type': contentType },
  });
}

/** Null for another host, a malformed path, and any path that leaves the folder. */
function fileOf(folder: string, address: string): string | null {
  if (!isAppUrl(address)) return null;
  let wanted: string;
  try {
    wanted = decodeURIComponent(new URL(address).pathname);
  } catch {
    return null;
  }
  // Windows takes "\" for a separator too, and a drive or stream after ":".
  if (/[\0\\:]/.test(wanted)) return null;
  const file = path.join(folder, wanted === '/' ? 'index.html' : wanted);
  const inside = path.relative(folder, file);
  return inside === '' || inside.startsWith('..') || path.isAbsolute(inside) ? null : file;
}

function refusal(status: number, sentence: string): Response {
  return new Response(sentence, {
    status,
    headers: { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
  });
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { EngineError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import { collect, type Sources } from '../collect.ts';
import { overallHealth } from '../overall-health.ts';
import { contentTypes, formatFor, toText } from '../prometheus.ts';

/** On every answer: nothing is stored, shown as a page, or handed to pages of other sites. */
const headers: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Whoever fetches metrics asks one thing at a time; more connections than this are somebody else's. */
const mostConnections = 32;

export interface HttpEndpoint {
  url: string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** Serves `/metrics`, `/metrics/{profileId}` and `/health` on loopback. @throws EngineError `port_in_use` */
export async function openEndpoint(port: number, sources: Sources, log: Logger): Promise<HttpEndpoint> {
  const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000, headersTimeout: 5000 });
  server.maxConnections = mostConnections;
  server.on('request', (request, response) => {
    answer(request, response, port, sources).catch((error: unknown) => {
      log.error({ err: error }, 'metrics could not be served');
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Poolscope met an error of its own; its log has the details.');
    });
  });
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    throw portRefused(port, error);
  }
  server.on('error', (error) => log.error({ err: error }, 'the metrics endpoint failed'));
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function portRefused(port: number, error: unknown): EngineError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const remedy = 'Choose another port, or end that program.';
    return new EngineError(
      'port_in_use',
      `Port ${port} is in use by another program.`,
      { remedy },
      { cause: error },
    );
  }
  const message = `Port ${port} could not be opened: the system answered ${code ?? 'an unknown error'}.`;
  return new EngineError('port_in_use', message, { remedy: 'Choose another port.' }, { cause: error });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  sources: Sources,
): Promise<void> {
  response.setHeaders(new Map(Object.entries(headers)));
  const { host, accept } = request.headers;
  // Any other name means that DNS was bent towards this machine.
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)
    return refuse(response, 421, `This is Poolscope at 127.0.0.1:${port}, and it answers to no other name.`);
  if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET');
    return refuse(response, 405, 'Only GET is answered here.');
  }
  const path = URL.parse(request.url ?? '', `http://${host}`)?.pathname ?? '';
  if (path === '/health') {
    const health = overallHealth(sources);
    return send(response, {
      status: health.status === 'unhealthy' ? 503 : 200,
      type: 'application/json; charset=utf-8',
      text: `${JSON.stringify(health, null, 2)}\n`,
    });
  }
  const profileId = profileIdIn(path);
  if (profileId === undefined)
    return refuse(response, 404, 'There are /metrics, /metrics/{id of a connection} and /health here.');
  if (profileId !== null && !sources.listProfiles().some((profile) => profile.profileId === profileId))
    return refuse(response, 404, 'There is no connection of that id. /health lists them.');
  const format = formatFor(accept);
  const text = toText(collect(sources, profileId), format);
  send(response, { status: 200, type: contentTypes[format], text });
}

/** Null for all pools; undefined when the path names neither these nor one. */
function profileIdIn(path: string): string | null | undefined {
  if (path === '/metrics') return null;
  const encoded = /^\/metrics\/([^/]+)$/.exec(path)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function send(
  response: ServerResponse,
  { status, type, text }: { status: number; type: string; text: string },
) {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

const refuse = (response: ServerResponse, status: number, sentence: string): void =>
  send(response, { status, type: 'text/plain; charset=utf-8', text: `${sentence}\n` });

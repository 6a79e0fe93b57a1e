import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import type { EventBus } from '#engine/base/event-bus.ts';
import type { Logger } from '#engine/base/log.ts';
import { type Router, toErrorPayload } from '#engine/base/router.ts';
import type { Envelope } from '#shared/contract/errors.ts';
import { securityHeaders } from '../shells/security-headers.ts';
import { Access } from './access.ts';
import type { Downloads } from './downloads.ts';
import { type Refusal, refusals, refuse } from './plain-page.ts';
import { SocketSessions } from './socket-sessions.ts';
import { StartError } from './start-error.ts';
import type { Uploads } from './uploads.ts';

/** Tried first, so that the browser finds its settings for this origin again. */
const usualPort = 5480;
/** 10 MB of settings to import, escaped; a statement at its longest with its parameters is shorter. */
const maxMessageBytes = 32 * 1024 * 1024;
const downloadPrefix = '/download/';
const uploadPrefix = '/upload/';

export interface WebServerOptions {
  /** Null for the usual port, or any free one when that is taken. 0 for any free one. */
  port: number | null;
  /** The built renderer. */
  rendererFolder: string;
  router: Router;
  events: EventBus;
  downloads: Downloads;
  uploads: Uploads;
  log: Logger;
}

export interface WebServer {
  access: Access;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** Serves the renderer and its WebSocket on loopback. @throws StartError */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  if (!existsSync(path.join(options.rendererFolder, 'index.html'))) {
    throw new StartError(
      `The screens are not built (${options.rendererFolder} has no index.html): run "npm run build".`,
    );
  }
  const server = createServer();
  await listenOnLoopback(server, options.port);
  const access = new Access((server.address() as AddressInfo).port);
  const sessions = new SocketSessions({
    router: options.router,
    events: options.events,
    onGone(callerId) {
      options.downloads.forget(callerId);
      options.uploads.forget(callerId);
    },
  });
  server.on('request', createRequestListener(access, options));
  server.on('upgrade', createUpgradeListener(access, sessions));
  return {
    access,
    async close() {
      const closed = once(server, 'close');
      server.close();
      await sessions.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listenOnLoopback(server: Server, port: number | null): Promise<void> {
  try {
    await listen(server, port ?? usualPort);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (port === null) return listen(server, 0);
    if (code === 'EADDRINUSE') {
      throw new StartError(
        `Port ${port} is in use by another program: choose another with --port, or leave --port out.`,
      );
    }
    if (code === 'EACCES') {
      throw new StartError(`This account may not listen on port ${port}: choose one above 1023 with --port.`);
    }
    throw error;
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function createRequestListener(
  access: Access,
  { rendererFolder, downloads, uploads, log }: WebServerOptions,
) {
  const serveFile = sirv(rendererFolder, { etag: true });
  return (request: IncomingMessage, response: ServerResponse) => {
    response.setHeaders(new Map(Object.entries({ ...securityHeaders, 'Cache-Control': 'no-store' })));
    const url = URL.parse(request.url ?? '', access.origin);
    const token = url?.pathname === '/' ? url.searchParams.get('token') : null;
    const refusal = refusalOf(access, request, url, token);
    if (refusal !== null) {
      refuse(response, refusal);
    } else if (token !== null) {
      // The token leaves the address bar, the history and what the page can read.
      response.writeHead(303, { Location: '/', 'Set-Cookie': access.setCookie });
      response.end();
    } else if (url?.pathname.startsWith(downloadPrefix)) {
      void sendDownload(downloads, url.pathname.slice(downloadPrefix.length), response, log);
    } else if (url?.pathname.startsWith(uploadPrefix)) {
      void takeUpload(uploads, url.pathname.slice(uploadPrefix.length), request, response, log);
    } else {
      // Ours to keep, but to be checked each time: another version may run on this port tomorrow.
      response.setHeader('Cache-Control', 'no-cache');
      serveFile(request, response, () => {
        response.setHeader('Cache-Control', 'no-store');
        refuse(response, refusals.notFound);
      });
    }
  };
}

/** Why a request is not answered; null when it is. Uses up a launch token. */
function refusalOf(
  access: Access,
  request: IncomingMessage,
  url: URL | null,
  token: string | null,
): Refusal | null {
  if (!access.isOurHost(request)) return refusals.foreignHost;
  const isDownload = url?.pathname.startsWith(downloadPrefix) === true;
  // Looking at a download's headers would use up its ticket.
  const isRead = request.method === 'GET' || (request.method === 'HEAD' && !isDownload);
  if (url?.pathname.startsWith(uploadPrefix)) {
    if (request.method !== 'POST') return refusals.wrongMethod;
    // A form of another site could send a file with the user's cookie, but not with our origin.
    if (!access.isOurOrigin(request)) return refusals.foreignOrigin;
  } else if (!isRead) return refusals.wrongMethod;
  if (url === null) return refusals.badRequest;
  const isAdmitted = token === null ? access.admitsCookie(request) : access.admitsToken(token);
  return isAdmitted ? null : refusals.needsToken;
}

async function sendDownload(downloads: Downloads, ticket: string, response: ServerResponse, log: Logger) {
  const found = await downloads.send(ticket, response, (error) => {
    log.error({ err: error }, 'a download could not be finished');
  });
  if (!found) refuse(response, refusals.downloadGone);
}

/** Answers with an envelope, as requests over the socket are answered. */
async function takeUpload(
  uploads: Uploads,
  ticket: string,
  request: IncomingMessage,
  response: ServerResponse,
  log: Logger,
) {
  let envelope: Envelope<unknown>;
  try {
    const received = await uploads.receive(ticket, request);
    if (received === null) {
      refuse(response, refusals.uploadGone);
      return;
    }
    envelope = { ok: true, data: received.value };
  } catch (error) {
    envelope = { ok: false, error: toErrorPayload(error, log, 'upload') };
  }
  // What was not read is not waited for: a page that goes on sending is cut off.
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    ...(!request.complete && { Connection: 'close' }),
  };
  response.writeHead(200, headers);
  response.end(JSON.stringify(envelope));
}

function createUpgradeListener(access: Access, sessions: SocketSessions) {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
  });
  return (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    // A connection that breaks here is no one's concern, but unheard it would end the process.
    connection.on('error', () => connection.destroy());
    const refusal = upgradeRefusalOf(access, request);
    if (refusal !== null) {
      const head = `HTTP/1.1 ${refusal.status} Refused\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8`;
      connection.end(
        `${head}\r\nContent-Length: ${Buffer.byteLength(refusal.sentence)}\r\n\r\n${refusal.sentence}`,
      );
      return;
    }
    sockets.handleUpgrade(request, connection, head, (socket) => sessions.accept(socket));
  };
}

/** Why a page may not open a WebSocket; null when it may. */
function upgradeRefusalOf(access: Access, request: IncomingMessage): Refusal | null {
  if (!access.isOurHost(request)) return refusals.foreignHost;
  if (!access.isOurOrigin(request)) return refusals.foreignOrigin;
  if (!access.admitsCookie(request)) return refusals.needsToken;
  return request.url === '/ws' ? null : refusals.notFound;
}

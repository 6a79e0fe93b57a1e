import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { silentLogger } from '#engine/base/log.ts';
import type { SaveRequest } from '#engine/ports.ts';
import { type ContractEngine, createContractEngine } from '../../../tests/contract/contract-engine.ts';
import { signIn, upgradeStatus } from '../../../tests/support/web-page.ts';
import { Downloads } from './downloads.ts';
import { startWebServer, type WebServer } from './http-server.ts';
import { Uploads } from './uploads.ts';

let folder: string;
let engine: ContractEngine;
let downloads: Downloads;
let uploads: Uploads;
let server: WebServer;
let cookie: string;

const start = (port: number | null) =>
  startWebServer({
    port,
    rendererFolder: path.join(folder, 'renderer'),
    router: engine.router,
    events: engine.events,
    downloads,
    uploads,
    log: silentLogger(),
  });

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-http-'));
  await mkdir(path.join(folder, 'renderer/assets'), { recursive: true });
  await writeFile(path.join(folder, 'renderer/index.html'), '<title>Poolscope</title>');
  await writeFile(path.join(folder, 'renderer/assets/main.js'), 'export {};');
  await writeFile(path.join(folder, 'profiles.json'), 'not for the web');
  engine = createContractEngine();
  downloads = new Downloads();
  uploads = new Uploads();
  server = await start(0);
  cookie = await signIn(server.access.url);
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const origin = () => server.access.origin;
const port = () => Number(new URL(origin()).port);
const get = (target: string, headers: Record<string, string> = { cookie }) =>
  fetch(`${origin()}${target}`, { headers, redirect: 'manual' });

/** With headers and a target that fetch would not send. */
async function rawGet(
  target: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<IncomingMessage> {
  const sent = httpRequest({ host: '127.0.0.1', port: port(), path: target, headers, method, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

describe('the front door', () => {
  it('trades the token for a cookie and takes it out of the address', async () => {
    const response = await fetch(server.access.url, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/');
    expect(response.headers.get('set-cookie')).toContain(`poolscope-${port()}=`);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('lets in whoever has the cookie', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>Poolscope</title>');
    expect((await get('/assets/main.js')).headers.get('content-type')).toContain('javascript');
  });

  it.each(['/', '/index.html', '/assets/main.js', '/download/x', '/nothing', '/?token=', '/?token=wrong'])(
    'turns away %s without the cookie, in words',
    async (target) => {
      const response = await get(target, {});
      expect(response.status).toBe(401);
      expect(await response.text()).toContain('Copy the whole address that Poolscope printed');
    },
  );

  it('turns away the cookie of another instance, and a token in the wrong place', async () => {
    expect((await get('/', { cookie: cookie.replace(/=.*/, '=AAAA') })).status).toBe(401);
    const token = new URL(server.access.url).search;
    expect((await get(`/index.html${token}`, {})).status).toBe(401);
  });

  it.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost',
    '[::1]:PORT',
    '0.0.0.0:PORT',
  ])('turns away the host %s, cookie or not', async (host) => {
    const response = await rawGet('/', { host: host.replace('PORT', String(port())), cookie });
    expect(response.statusCode).toBe(403);
  });

  it('answers to localhost as well', async () => {
    expect((await rawGet('/', { host: `localhost:${port()}`, cookie })).statusCode).toBe(200);
  });

  it('serves nothing outside its folder', async () => {
    for (const target of [
      '/../profiles.json',
      '/..%2fprofiles.json',
      '/assets/..%5c..%5c..%5cprofiles.json',
      '//x/../../profiles.json',
    ]) {
      expect((await rawGet(target, { host: `127.0.0.1:${port()}`, cookie })).statusCode).toBe(404);
    }
  });

  it('takes no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await rawGet('/', { host: `127.0.0.1:${port()}`, cookie }, method);
      expect(response.statusCode).toBe(405);
    }
  });

  it('sets strict headers on everything, refusals included', async () => {
    for (const response of [
      await get('/'),
      await get('/', {}),
      await get('/nothing'),
      await get('/download/x'),
    ]) {
      const policy = response.headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });

  it('lets the browser keep files, to be checked each time, and no refusal', async () => {
    const page = await get('/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const etag = page.headers.get('etag') ?? '';
    expect((await get('/', { cookie, 'if-none-match': etag })).status).toBe(304);
    expect((await get('/nothing')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('the port', () => {
  it('is on loopback only', async () => {
    const elsewhere = createServer();
    // The same port on another loopback address is free only if we did not take every address.
    elsewhere.listen(port(), '127.0.0.2');
    await once(elsewhere, 'listening');
    elsewhere.close();
  });

  it('in use is said in one sentence, when it was asked for', async () => {
    await expect(start(port())).rejects.toThrow(
      `Port ${port()} is in use by another program: choose another with --port, or leave --port out.`,
    );
  });

  it('in use is no obstacle when none was asked for', async () => {
    const [one, two] = [await start(null), await start(null)];
    expect(one.access.origin).not.toBe(two.access.origin);
    await Promise.all([one.close(), two.close()]);
  });

  it('is not even opened when the screens are not built', async () => {
    await rm(path.join(folder, 'renderer/index.html'));
    await expect(start(0)).rejects.toThrow('npm run build');
  });
});

describe('the WebSocket', () => {
  const address = (target = '/ws') => `${origin().replace('http', 'ws')}${target}`;

  async function connect(): Promise<WebSocket> {
    const socket = new WebSocket(address(), { headers: { cookie }, origin: origin() });
    await once(socket, 'open');
    return socket;
  }

  it('opens for our own page', async () => {
    expect(await upgradeStatus(address(), { cookie, origin: origin() })).toBe(101);
    const local = { host: `localhost:${port()}`, origin: `http://localhost:${port()}` };
    expect(await upgradeStatus(address(), { cookie, ...local })).toBe(101);
  });

  it('stays shut without the cookie, and the token is no substitute', async () => {
    expect(await upgradeStatus(address(), { origin: origin() })).toBe(401);
    const token = new URL(server.access.url).search;
    expect(await upgradeStatus(address(`/ws${token}`), { origin: origin() })).toBe(401);
  });

  it('stays shut for pages of other origins, and for no page at all', async () => {
    const others = [
      'http://evil.example',
      'null',
      `https://127.0.0.1:${port()}`,
      `http://localhost:${port()}`,
    ];
    for (const other of [...others, `http://127.0.0.1:${port() + 1}`]) {
      expect(await upgradeStatus(address(), { cookie, origin: other })).toBe(403);
    }
    expect(await upgradeStatus(address(), { cookie })).toBe(403);
  });

  it('stays shut under a foreign host name', async () => {
    const host = `evil.example:${port()}`;
    expect(await upgradeStatus(address(), { cookie, host, origin: `http://${host}` })).toBe(403);
  });

  it('is at one address only', async () => {
    expect(await upgradeStatus(address('/other'), { cookie, origin: origin() })).toBe(404);
  });

  it.each([
    ['no JSON', '{'],
    ['no message of the contract', '{"kind":"shout"}'],
    ['a request without an id', '{"kind":"request","route":"app.info","input":{}}'],
    ['binary', Buffer.from('{"kind":"cancel","requestId":"r"}')],
  ])('closes with a reason on %s', async (_what, message) => {
    const socket = await connect();
    socket.send(message);
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([1008, 'The message is not one of the Poolscope contract.']);
  });

  it('closes on a message of more than 32 megabytes', async () => {
    const socket = await connect();
    socket.send(
      JSON.stringify({ kind: 'request', requestId: 'r', route: 'names.add', input: 'x'.repeat(2 ** 25) }),
    );
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });

  it('tells the engine when a page has gone', async () => {
    const socket = await connect();
    socket.close();
    await vi.waitFor(() => expect(engine.gone).toHaveLength(1));
  });

  it('closes on a second request of the same id, and on more requests than a page makes', async () => {
    const ask = (requestId: string) =>
      JSON.stringify({ kind: 'request', requestId, route: 'health.check', input: { profileId: 'p' } });
    const twice = await connect();
    for (const id of ['same', 'same']) twice.send(ask(id));
    expect((await once(twice, 'close'))[0]).toBe(1008);
    const many = await connect();
    for (let index = 0; index < 300; index += 1) many.send(ask(String(index)));
    expect((await once(many, 'close'))[0]).toBe(1008);
    await vi.waitFor(() => expect(engine.waiting.size).toBe(0));
  });

  it.each(['samples.tick', 'pgbouncer.tick'] as const)(
    'drops %s, and nothing else, for a page that does not read',
    async (tick) => {
      const socket = await connect();
      socket.pause();
      const heard: string[] = [];
      socket.on('message', (data) => heard.push(JSON.parse(String(data)).event));
      const many = Array.from({ length: 2000 }, () => ({ profileId: 'x'.repeat(1000) }));
      const ticks = 60;
      for (let atMs = 0; atMs < ticks; atMs += 1) {
        engine.events.emit(tick, { atMs, samples: many, pools: many } as never);
        engine.events.emit('app.notice', { noticeId: String(atMs), level: 'info', message: 'kept', atMs });
        await sleep(1);
      }
      socket.resume();
      await vi.waitFor(() => expect(heard.filter((event) => event === 'app.notice')).toHaveLength(ticks));
      expect(heard.filter((event) => event === tick).length).toBeLessThan(ticks);
      socket.terminate();
    },
  );

  it('cuts a page that has gone silent, and no other', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await server.close();
    server = await start(0);
    cookie = await signIn(server.access.url);
    const open = async (autoPong: boolean) => {
      const socket = new WebSocket(address(), { headers: { cookie }, origin: origin(), autoPong });
      await once(socket, 'open');
      return socket;
    };
    const [alive, silent] = [await open(true), await open(false)];
    const pings = [alive, silent].map((socket) => once(socket, 'ping'));
    const cut = once(silent, 'close');
    vi.advanceTimersByTime(15_000);
    await Promise.all(pings);
    // A round trip, so that the pong before it has arrived.
    alive.send('{"kind":"request","requestId":"r","route":"app.info","input":{}}');
    await once(alive, 'message');
    vi.advanceTimersByTime(15_000);
    vi.useRealTimers();
    expect((await cut)[0]).toBe(1006);
    expect(alive.readyState).toBe(WebSocket.OPEN);
    alive.terminate();
  });

  it('says goodbye to its pages when Poolscope quits', async () => {
    const socket = await connect();
    const closed = once(socket, 'close');
    await server.close();
    const [code, reason] = await closed;
    expect([code, String(reason)]).toEqual([1001, 'Poolscope is quitting.']);
    server = await start(0);
  });
});

describe('a download', () => {
  const signal = new AbortController().signal;
  const request: SaveRequest = {
    callerId: 'page',
    suggestedName: 'Bestände.csv',
    mimeType: 'text/csv; charset=utf-8',
    async *content() {
      yield 'a,b\r\n';
      yield '1,2\r\n';
    },
    signal,
  };

  function save(overrides: Partial<SaveRequest> = {}): string {
    const outcome = downloads.save({ ...request, ...overrides });
    if (outcome.kind !== 'download') throw new Error(`The outcome is ${outcome.kind}.`);
    return outcome.url;
  }

  it('streams the file under its name, once', async () => {
    const url = save();
    const response = await get(url);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''Best%C3%A4nde.csv");
    expect(await response.text()).toBe('a,b\r\n1,2\r\n');
    const again = await get(url);
    expect(again.status).toBe(404);
    expect(await again.text()).toContain('Export again');
  });

  it('needs the cookie, and keeps its ticket when turned away or only looked at', async () => {
    const url = save();
    expect((await get(url, {})).status).toBe(401);
    expect((await rawGet(url, { host: `127.0.0.1:${port()}`, cookie }, 'HEAD')).statusCode).toBe(405);
    expect((await get(url)).status).toBe(200);
  });

  it('is gone after a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const url = save();
    vi.advanceTimersByTime(60_001);
    vi.useRealTimers();
    expect((await get(url)).status).toBe(404);
  });

  it('is gone when the page that asked for it is gone, and no other', async () => {
    const [gone, stays] = [save(), save({ callerId: 'other page' })];
    downloads.forget('page');
    expect((await get(gone)).status).toBe(404);
    expect((await get(stays)).status).toBe(200);
  });

  it('is not offered when the request was cancelled', () => {
    expect(downloads.save({ ...request, signal: AbortSignal.abort() })).toEqual({ kind: 'cancelled' });
  });

  it('is produced no faster than it is read, and no longer than someone reads', async () => {
    let produced = 0;
    const ended = vi.fn();
    const url = save({
      async *content() {
        try {
          for (;;) {
            produced += 1;
            yield 'x'.repeat(64 * 1024);
          }
        } finally {
          ended();
        }
      },
    });
    const leaving = new AbortController();
    const response = await fetch(`${origin()}${url}`, { headers: { cookie }, signal: leaving.signal });
    await response.body?.getReader().read();
    await sleep(200);
    const afterAWhile = produced;
    await sleep(200);
    expect(produced).toBe(afterAWhile);
    leaving.abort();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
  });

  it('that fails half-way does not pass for a whole file', async () => {
    const url = save({
      async *content() {
        yield 'a,b\r\n';
        throw new Error('the history went away');
      },
    });
    await expect(get(url).then((response) => response.text())).rejects.toThrow();
  });
});

import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '#engine/base/errors.ts';
import { silentLogger } from '#engine/base/log.ts';
import type { OpenRequest } from '#engine/ports.ts';
import { createContractEngine } from '../../../tests/contract/contract-engine.ts';
import { signIn } from '../../../tests/support/web-page.ts';
import { Downloads } from './downloads.ts';
import { startWebServer, type WebServer } from './http-server.ts';
import { Uploads } from './uploads.ts';

let folder: string;
let uploads: Uploads;
let server: WebServer;
let cookie: string;
const received: { text: string; fileName: string; path: string }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-uploads-'));
  await writeFile(path.join(folder, 'index.html'), '');
  uploads = new Uploads();
  const { router, events } = createContractEngine();
  const files = { downloads: new Downloads(), uploads };
  server = await startWebServer({
    port: 0,
    rendererFolder: folder,
    router,
    events,
    ...files,
    log: silentLogger(),
  });
  cookie = await signIn(server.access.url);
  received.length = 0;
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function ask(changes: Partial<OpenRequest<unknown>> = {}): string {
  const outcome = uploads.open({
    callerId: 'page',
    title: 'Open',
    kind: { name: 'Bundle', extension: 'poolscope' },
    maxBytes: 2 ** 20,
    signal: new AbortController().signal,
    async receive(file) {
      received.push({ text: await readFile(file.path, 'utf8'), fileName: file.fileName, path: file.path });
      return { opened: true };
    },
    ...changes,
  });
  if (outcome.kind !== 'upload') throw new Error(`The outcome is ${outcome.kind}.`);
  return outcome.url;
}

const origin = () => server.access.origin;
const send = (url: string, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
  fetch(`${origin()}${url}`, { method: 'POST', body, headers: { cookie, origin: origin(), ...headers } });
const leftovers = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('poolscope-upload-'));

describe('an upload', () => {
  it('reaches the engine once, under the name it has for people, and leaves nothing behind', async () => {
    const before = await leftovers();
    const url = ask();
    const headers = { 'x-file-name': encodeURIComponent('../../étc/nächt.poolscope') };
    const response = await send(url, 'the file', headers);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true, data: { opened: true } });
    expect(received).toMatchObject([{ text: 'the file', fileName: 'nächt.poolscope' }]);
    expect(path.basename(received[0]?.path ?? '')).toBe('upload');
    expect(await leftovers()).toEqual(before);
    const again = await send(url, 'the file');
    expect(again.status).toBe(404);
    expect(await again.text()).toContain('Open the file again');
  });

  it('answers what the engine says against the file, in an envelope', async () => {
    const url = ask({
      async receive() {
        throw new EngineError('bad_input', 'This incident bundle is damaged and was not opened.', {
          remedy: 'Send it again.',
        });
      },
    });
    expect(await (await send(url, 'x')).json()).toMatchObject({
      ok: false,
      error: { code: 'bad_input', details: { remedy: 'Send it again.' } },
    });
  });

  it('needs the cookie, our own origin and POST, and keeps its ticket when turned away', async () => {
    const url = ask();
    expect((await send(url, 'x', { cookie: '' })).status).toBe(401);
    expect((await send(url, 'x', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await send(url, 'x', { origin: '' })).status).toBe(403);
    expect((await fetch(`${origin()}${url}`, { headers: { cookie } })).status).toBe(405);
    expect((await send('/', 'x')).status).toBe(405);
    expect((await send(url, 'x')).status).toBe(200);
    expect(received).toHaveLength(1);
  });

  it('that is too large is refused, said or unsaid, and never stored whole', async () => {
    const before = await leftovers();
    const said = await send(ask({ maxBytes: 1000 }), 'x'.repeat(2000)).then((response) => response.json());
    expect(said).toMatchObject({ ok: false, error: { code: 'bad_input' } });
    async function* endless() {
      for (;;) yield Buffer.alloc(65_536);
    }
    const unsaid = send(ask({ maxBytes: 100_000 }), ReadableStream.from(endless()) as never, {});
    // A page that goes on sending is cut off; it may or may not see the answer before that.
    await unsaid.catch(() => {});
    expect(received).toEqual([]);
    await vi.waitFor(async () => expect(await leftovers()).toEqual(before));
  });

  it('that breaks off half-way reaches no one', async () => {
    const before = await leftovers();
    const url = new URL(ask(), origin());
    const request = httpRequest(url, {
      method: 'POST',
      headers: { cookie, origin: origin(), 'content-length': '1000' },
    });
    request.on('error', () => {});
    request.write('half');
    await once(request, 'socket');
    await new Promise((resolve) => setTimeout(resolve, 50));
    request.destroy();
    await vi.waitFor(async () => expect(await leftovers()).toEqual(before));
    expect(received).toEqual([]);
  });

  it('is over for the engine when the page goes away', async () => {
    const gone = vi.fn();
    const url = ask({
      receive: (_file, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            gone();
            reject(new EngineError('cancelled', 'Cancelled.'));
          });
        }),
    });
    const leaving = new AbortController();
    const sending = fetch(`${origin()}${url}`, {
      ...{ method: 'POST', body: 'x', headers: { cookie, origin: origin() }, signal: leaving.signal },
    });
    setTimeout(() => leaving.abort(), 200);
    await expect(sending).rejects.toThrow();
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce());
  });

  it('is not waited for from a page that is gone, nor for a request that was cancelled', async () => {
    const [lost, kept] = [ask({ callerId: 'gone' }), ask({ callerId: 'here' })];
    uploads.forget('gone');
    expect((await send(lost, 'x')).status).toBe(404);
    expect((await send(kept, 'x')).status).toBe(200);
    expect(uploads.open({ ...({} as OpenRequest<unknown>), signal: AbortSignal.abort() })).toEqual({
      kind: 'cancelled',
    });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answer } from './app-protocol.ts';

vi.mock('electron', () => ({ protocol: {} }));

describe('app://', () => {
  let parent: string;
  let folder: string;
  const get = (address: string, method = 'GET') => answer(folder, method, address);

  beforeAll(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'poolscope-app-'));
    folder = path.join(parent, 'renderer');
    await mkdir(path.join(folder, 'assets'), { recursive: true });
    await writeFile(path.join(folder, 'index.html'), '<title>Poolscope</title>');
    await writeFile(path.join(folder, 'assets', 'main.js'), 'run()');
    await writeFile(path.join(parent, 'secret.txt'), 'secret');
    await writeFile(path.join(parent, 'renderer-secret.txt'), 'secret');
  });
  afterAll(() => rm(parent, { recursive: true }));

  it('serves the page, with its type, a strict policy and nosniff', async () => {
    const response = await get('app://poolscope/');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Poolscope');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('serves a script as a script, whatever query follows', async () => {
    const response = await get('app://poolscope/assets/main.js?v=1');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe('run()');
  });

  it.each([
    'app://poolscope/../secret.txt',
    'app://poolscope/%2e%2e/secret.txt',
    'app://poolscope/..%2fsecret.txt',
    'app://poolscope/assets/..%2f..%2fsecret.txt',
    'app://poolscope/..%2frenderer-secret.txt',
    'app://poolscope/..%5csecret.txt',
    'app://poolscope//etc/passwd',
    'app://poolscope/%2fetc%2fpasswd',
    'app://poolscope/C:%5csecret.txt',
    'app://poolscope/index.html%00.txt',
    'app://poolscope/%zz',
    'app://poolscope/assets',
    'app://poolscope/absent.html',
    'app://elsewhere/index.html',
    'file:///etc/passwd',
  ])('answers %s with 404 and the same policy', async (address) => {
    const response = await get(address);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('There is no such file.');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('answers nothing but GET and HEAD', async () => {
    expect((await get('app://poolscope/', 'POST')).status).toBe(405);
    const head = await get('app://poolscope/', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

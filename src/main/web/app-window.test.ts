import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppWindow } from './app-window.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-window-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program in the browser's place that notes its flags and then does as told. */
async function open(script: string, isRoot = false): Promise<AppWindow> {
  const browser = path.join(folder, 'browser');
  await writeFile(
    browser,
    `#!/bin/sh\necho "$@" > '${folder}/flags'\necho $$ > '${folder}/pid'\n${script}\n`,
  );
  await chmod(browser, 0o755);
  return new AppWindow({
    browser,
    url: 'http://127.0.0.1:1/?token=t',
    profileFolder: `${folder}/profile`,
    isRoot,
  });
}

/** Those that have ended but whom nobody has asked after yet (zombies) do not count. */
function livingMembers(group: number): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pgid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => new RegExp(`^ *${group} +[^Z]`).test(line));
}

const read = (name: string) => readFile(path.join(folder, name), 'utf8');

describe('the app window', () => {
  it('has a browser profile of its own and shows the one page', async () => {
    const window = await open('exit 0');
    await window.ended;
    expect(await read('flags')).toContain(
      `--app=http://127.0.0.1:1/?token=t --user-data-dir=${folder}/profile`,
    );
    expect(await read('flags')).not.toContain('--no-sandbox');
  });

  it("gives up the browser's sandbox for root alone", async () => {
    const window = await open('exit 0', true);
    await window.ended;
    expect(await read('flags')).toContain('--no-sandbox');
  });

  it('tells a window closed by the user from one that never opened', async () => {
    expect(await (await open('exit 0')).ended).toBe('passedOn');
    expect(await (await open('exit 21')).ended).toBe('failed');
    expect(await (await open('sleep 3.2')).ended).toBe('closed');
  });

  it('says so when the program cannot be run at all', async () => {
    const browser = path.join(folder, 'none');
    const window = new AppWindow({
      browser,
      url: 'http://127.0.0.1:1/',
      profileFolder: folder,
      isRoot: false,
    });
    expect(await window.ended).toBe('failed');
    await window.end();
  });

  it('is closed with all its processes, even those that do not listen', async () => {
    const window = await open("trap '' TERM\nsleep 60 &\nwait\nsleep 60");
    await vi.waitFor(async () => expect(Number(await read('pid'))).toBeGreaterThan(0));
    const group = Number(await read('pid'));
    await window.end();
    await window.ended;
    await vi.waitFor(() => expect(livingMembers(group)).toEqual([]));
    await window.end();
  });
});

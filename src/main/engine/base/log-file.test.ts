import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from './log.ts';
import { logLevel, openLogFile } from './log-file.ts';

let folder: string;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-log-'));
  said = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () => createLogger(openLogFile(folder, (sentence) => said.push(sentence)));
const file = () => path.join(folder, 'poolscope.log');

describe('the log file', () => {
  it('is readable by its owner alone, and holds no secret', async () => {
    open().error({ profile: { password: 'hunter2' } }, 'went wrong');
    const text = await readFile(file(), 'utf8');
    expect(text).toContain('went wrong');
    expect(text).not.toContain('hunter2');
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(said).toEqual([]);
  });

  it('goes on where the last run ended', async () => {
    for (const word of ['first', 'second']) open().info(word);
    expect(await readFile(file(), 'utf8')).toMatch(/first.*second/s);
  });

  it('is set aside once it has grown large', async () => {
    await writeFile(file(), 'x'.repeat(3 * 1024 * 1024));
    open().info('anew');
    expect((await readdir(folder)).sort()).toEqual(['poolscope.log', 'poolscope.previous.log']);
    expect((await stat(file())).size).toBeLessThan(1000);
  });

  it('stays within its size in one long run, too', async () => {
    const log = open();
    const text = 'x'.repeat(10_000);
    for (let line = 1; line <= 700; line += 1) log.info({ text }, `line ${line}`);
    expect((await readdir(folder)).sort()).toEqual(['poolscope.log', 'poolscope.previous.log']);
    let bytes = 0;
    for (const name of await readdir(folder)) bytes += (await stat(path.join(folder, name))).size;
    expect(bytes).toBeLessThan(4.5 * 1024 * 1024);
    expect(await readFile(file(), 'utf8')).toContain('line 700');
  });

  // The device that is always full exists on Linux alone.
  it.runIf(process.platform === 'linux')(
    'that meets a full disk does not end the program, and says so once',
    async () => {
      await symlink('/dev/full', file());
      const log = open();
      for (const word of ['first', 'second']) log.error(word);
      expect(said).toEqual([
        `The log ${file()} cannot be written: the disk is full. Poolscope goes on without it.`,
      ]);
    },
  );

  it('that cannot even be opened does not, either', async () => {
    await rm(folder, { recursive: true });
    const log = open();
    for (const word of ['first', 'second']) log.error(word);
    expect(said).toEqual([expect.stringContaining('its folder does not exist')]);
  });

  it('takes its level from POOLSCOPE_LOG and shrugs at words it does not know', () => {
    expect(logLevel({ POOLSCOPE_LOG: 'debug' })).toBe('debug');
    expect(logLevel({ POOLSCOPE_LOG: 'loud' })).toBe('info');
    expect(logLevel({})).toBe('info');
  });
});

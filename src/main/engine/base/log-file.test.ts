import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from './log.ts';
import { logLevel, openLogFile } from './log-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'poolscope-log-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the log file', () => {
  it('is readable by its owner alone, and holds no secret', async () => {
    const log = createLogger(await openLogFile(folder));
    log.error({ profile: { password: 'hunter2' } }, 'went wrong');
    const file = path.join(folder, 'poolscope.log');
    const text = await readFile(file, 'utf8');
    expect(text).toContain('went wrong');
    expect(text).not.toContain('hunter2');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('goes on where the last run ended', async () => {
    for (const word of ['first', 'second']) createLogger(await openLogFile(folder)).info(word);
    expect(await readFile(path.join(folder, 'poolscope.log'), 'utf8')).toMatch(/first.*second/s);
  });

  it('is set aside once it has grown large', async () => {
    await writeFile(path.join(folder, 'poolscope.log'), 'x'.repeat(3 * 1024 * 1024));
    createLogger(await openLogFile(folder)).info('anew');
    expect((await readdir(folder)).sort()).toEqual(['poolscope.log', 'poolscope.previous.log']);
    expect((await stat(path.join(folder, 'poolscope.log'))).size).toBeLessThan(1000);
  });

  it('takes its level from POOLSCOPE_LOG and shrugs at words it does not know', () => {
    expect(logLevel({ POOLSCOPE_LOG: 'debug' })).toBe('debug');
    expect(logLevel({ POOLSCOPE_LOG: 'loud' })).toBe('info');
    expect(logLevel({})).toBe('info');
  });
});

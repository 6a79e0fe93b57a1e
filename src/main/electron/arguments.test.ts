import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const here = path.resolve('/home/ada');

describe('the command line of the Electron shell', () => {
  it.each([
    [['.'], {}, null],
    [['.', '--data', '/srv/pools'], {}, path.resolve('/srv/pools')],
    [['.', '--data=/srv/pools'], {}, path.resolve('/srv/pools')],
    [['.', '--data', 'pools'], {}, path.join(here, 'pools')],
    [['.'], { POOLSCOPE_DATA: '/srv/other' }, path.resolve('/srv/other')],
    [['.', '--data', '/srv/pools'], { POOLSCOPE_DATA: '/srv/other' }, path.resolve('/srv/pools')],
    [['.', '--data='], { POOLSCOPE_DATA: '' }, null],
    [['.', '--data'], {}, null],
  ])('%j with %j keeps its data in %s', (argv, environment, folder) => {
    expect(readArguments(argv, environment, here).dataFolder).toBe(folder);
  });

  it("leaves Chromium's own flags alone", () => {
    const argv = ['--no-sandbox', '--remote-debugging-port=0', '.', '--sample', '--ozone-platform=headless'];
    expect(readArguments(argv, {}, here)).toEqual({ dataFolder: null, sample: true });
  });
});

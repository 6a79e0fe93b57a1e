import { describe, expect, it } from 'vitest';
import { FlagError, readFlags } from './cli-flags.ts';

describe('the flags of the web shell', () => {
  it('default to the usual port and folder, and open the browser', () => {
    expect(readFlags([], {})).toEqual({
      port: null,
      dataFolder: null,
      open: true,
      appWindow: false,
      sample: false,
    });
  });

  it('are read in both spellings', () => {
    const expected = { port: 8080, dataFolder: '/tmp/a b', open: false, appWindow: true, sample: true };
    const rest = ['--no-open', '--sample', '--app-window'];
    expect(readFlags(['--port', '8080', '--data', '/tmp/a b', ...rest], {})).toEqual(expected);
    expect(readFlags(['--port=8080', '--data=/tmp/a b', ...rest], {})).toEqual(expected);
  });

  it('take the data folder from POOLSCOPE_DATA when no flag names one', () => {
    expect(readFlags([], { POOLSCOPE_DATA: '/a' }).dataFolder).toBe('/a');
    expect(readFlags(['--data', '/b'], { POOLSCOPE_DATA: '/a' }).dataFolder).toBe('/b');
    expect(readFlags([], { POOLSCOPE_DATA: '' }).dataFolder).toBeNull();
  });

  it.each(['65536', '-1', 'http', '', '1e3', '80.5', ' 80', '999999'])('refuse the port "%s"', (port) => {
    expect(() => readFlags([`--port=${port}`], {})).toThrow(
      new FlagError('--port must be a whole number from 0 to 65535 (0 takes any free port).'),
    );
  });

  it.each([
    [['--prot', '80'], "Unknown option '--prot'."],
    [['80'], "Unexpected argument '80'."],
    [['--data='], '--data must name a folder.'],
    [['--passphrase', 'x'], "Unknown option '--passphrase'."],
  ])('refuse %j in one sentence', (argv, sentence) => {
    expect(() => readFlags(argv, {})).toThrow(FlagError);
    expect(() => readFlags(argv, {})).toThrow(sentence);
  });

  it('ask for a value where one is missing', () => {
    expect(() => readFlags(['--port'], {})).toThrow(/--port.* argument missing/);
  });
});

import { describe, expect, it } from 'vitest';
import { findChromium, hasDisplay, type Machine } from './find-chromium.ts';

const machine = (installed: string[], overrides: Partial<Machine> = {}): Machine => ({
  platform: 'linux',
  environment: { PATH: '/usr/local/bin:/usr/bin' },
  home: '/home/ada',
  isExecutable: (file) => installed.includes(file),
  ...overrides,
});

describe('the search for a Chromium', () => {
  it('finds Chromium, Chrome or Edge on the PATH, in that order', () => {
    const edge = '/usr/bin/microsoft-edge';
    expect(findChromium(machine([edge]))).toBe(edge);
    expect(findChromium(machine([edge, '/usr/bin/google-chrome']))).toBe('/usr/bin/google-chrome');
    expect(findChromium(machine([edge, '/usr/local/bin/chromium']))).toBe('/usr/local/bin/chromium');
    expect(findChromium(machine([]))).toBeNull();
  });

  it('obeys CHROME_PATH and takes no other when that is set', () => {
    const environment = { PATH: '/usr/bin', CHROME_PATH: '/opt/chrome' };
    expect(findChromium(machine(['/opt/chrome', '/usr/bin/chromium'], { environment }))).toBe('/opt/chrome');
    expect(findChromium(machine(['/usr/bin/chromium'], { environment }))).toBeNull();
  });

  it('knows where macOS and Windows install browsers', () => {
    const chrome = '/Users/ada/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findChromium(machine([chrome], { platform: 'darwin', home: '/Users/ada' }))).toBe(chrome);
    const edge = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe';
    const environment = { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' };
    expect(findChromium(machine([edge], { platform: 'win32', environment }))).toBe(edge);
  });
});

describe('a display', () => {
  it.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['darwin', {}, true],
    ['darwin', { SSH_CONNECTION: '10.0.0.1 22' }, false],
    ['win32', {}, true],
  ] as const)('on %s with %j: %s', (platform, environment, expected) => {
    expect(hasDisplay({ platform, environment })).toBe(expected);
  });
});

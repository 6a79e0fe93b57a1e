import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from './default-data-folder.ts';

describe('the default data folder', () => {
  it('follows XDG_DATA_HOME on Linux', () => {
    expect(defaultDataFolder({ XDG_DATA_HOME: '/data' }, 'linux', '/home/ada')).toBe('/data/poolscope');
  });

  it('ignores an XDG_DATA_HOME that is relative or empty, as the specification asks', () => {
    for (const XDG_DATA_HOME of ['data', '']) {
      const folder = defaultDataFolder({ XDG_DATA_HOME }, 'linux', '/home/ada');
      expect(folder).toBe('/home/ada/.local/share/poolscope');
    }
  });

  it('is where macOS and Windows expect it', () => {
    expect(defaultDataFolder({}, 'darwin', '/Users/ada')).toBe(
      '/Users/ada/Library/Application Support/Poolscope',
    );
    expect(
      defaultDataFolder({ APPDATA: 'C:\\Users\\ada\\AppData\\Roaming' }, 'win32', 'C:\\Users\\ada'),
    ).toBe('C:\\Users\\ada\\AppData\\Roaming\\Poolscope');
  });
});

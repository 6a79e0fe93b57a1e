import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where this system keeps an application's data. Linux: the XDG base directory specification
 * (a relative XDG_DATA_HOME is to be ignored); macOS and Windows: their makers' conventions.
 */
export function defaultDataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Poolscope');
  if (platform === 'win32') {
    return path.win32.join(environment.APPDATA || path.win32.join(home, 'AppData', 'Roaming'), 'Poolscope');
  }
  const dataHome = environment.XDG_DATA_HOME;
  const isUsable = dataHome !== undefined && path.isAbsolute(dataHome);
  return path.join(isUsable ? dataHome : path.join(home, '.local', 'share'), 'poolscope');
}

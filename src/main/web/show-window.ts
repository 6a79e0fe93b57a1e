import path from 'node:path';
import type { Shutdown } from '../shells/shutdown.ts';
import type { Access } from './access.ts';
import { AppWindow } from './app-window.ts';
import type { CliFlags } from './cli-flags.ts';
import { findChromium, hasDisplay } from './find-chromium.ts';
import { openBrowser } from './open-browser.ts';

/** Brings the page before the user as the flags ask, or says why it is theirs to open. */
export function showWindow(options: {
  flags: CliFlags;
  dataFolder: string;
  access: Access;
  shutdown: Shutdown;
  say: (sentence: string) => void;
}): void {
  const { flags, access, shutdown, say } = options;
  if (!flags.appWindow) {
    if (flags.open && hasDisplay()) openBrowser(access.launchUrl());
    return;
  }
  const browser = findChromium();
  if (!hasDisplay() || browser === null) {
    const why = hasDisplay() ? 'No Chromium, Chrome or Edge is installed here' : 'There is no display here';
    say(`${why}: open the address above in a browser.`);
    return;
  }
  const isRoot = process.getuid?.() === 0;
  if (isRoot) say("The window runs without the browser's sandbox, because Poolscope was started as root.");
  const profileFolder = path.join(options.dataFolder, 'app-window');
  const window = new AppWindow({ browser, url: access.launchUrl(), profileFolder, isRoot });
  shutdown.add(() => window.end());
  void window.ended.then((end) => {
    if (end === 'closed') void shutdown.run(0);
    else if (shutdown.hasBegun) return;
    else if (end === 'failed') say(`${browser} opened no window: open the address above in a browser.`);
    else say('The window opened in a browser that was already running: press Ctrl-C here to end Poolscope.');
  });
}

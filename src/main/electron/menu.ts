import path from 'node:path';
import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';

const isMac = process.platform === 'darwin';

/** The README travels beside the packaged program; in a checkout it lies at the root. */
const readmeFile = () => path.join(app.isPackaged ? process.resourcesPath : app.getAppPath(), 'README.md');

/** `developing` adds what only someone who changes Poolscope needs. */
function menuTemplate(developing: boolean): MenuItemConstructorOptions[] {
  const appMenu: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  const developerItems: MenuItemConstructorOptions[] = developing
    ? [{ role: 'reload' }, { role: 'toggleDevTools' }, { type: 'separator' }]
    : [];
  return [
    ...appMenu,
    { label: '&File', submenu: isMac ? [{ role: 'close' }] : [{ role: 'close' }, { role: 'quit' }] },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...developerItems,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'Read me', click: () => void shell.openPath(readmeFile()) }] },
  ];
}

export function setApplicationMenu(): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(!app.isPackaged)));
}

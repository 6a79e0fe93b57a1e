/** Menus are checked for shape by the compiler; nothing draws them here. */
export const Menu = {
  buildFromTemplate(_template: Electron.MenuItemConstructorOptions[]): Electron.Menu {
    return {} as Electron.Menu;
  },
  setApplicationMenu(_menu: Electron.Menu | null): void {},
} satisfies Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>;

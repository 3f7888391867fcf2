/** The window's menu: what a text field and a reader need. Nothing that loads a page anew or opens developer tools. */
import { Menu, type MenuItemConstructorOptions } from 'electron'

const template: readonly MenuItemConstructorOptions[] = [
  ...(process.platform === 'darwin' ? ([{ role: 'appMenu' }] as const) : []),
  { role: 'editMenu' },
  {
    label: 'View',
    submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }],
  },
  { role: 'windowMenu' },
]

export const setMenu = (): void => Menu.setApplicationMenu(Menu.buildFromTemplate([...template]))

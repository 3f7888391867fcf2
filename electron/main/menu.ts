/** The window's menu: what a text field and a reader need, and the actions of the screens under the keys they have there. */
import { Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron'
import type { Texts } from './texts.ts'

/** In the order of the screens; their keys are in renderer/src/app/shortcuts.ts. */
const AREAS = ['home', 'ask', 'market', 'provide', 'wallet', 'escrows', 'reputation', 'network', 'settings'] as const

/** Beside those the roles have: where + needs Shift, its key is pressed without; and the keys of a number pad. */
const OTHER_ZOOM_KEYS = [
  ['zoomIn', 'CmdOrCtrl+='],
  ['zoomIn', 'CmdOrCtrl+numadd'],
  ['zoomOut', 'CmdOrCtrl+numsub'],
  ['resetZoom', 'CmdOrCtrl+num0'],
] as const

type MenuDeps = { readonly texts: Texts['menu']; readonly window: () => BrowserWindow | null; readonly show: () => void }
type Keys = { readonly key: string; readonly mod: boolean }

const isMac = process.platform === 'darwin'

export const setMenu = (deps: MenuDeps): void => Menu.setApplicationMenu(Menu.buildFromTemplate([...template(deps)]))

const template = ({ texts, window, show }: MenuDeps): readonly MenuItemConstructorOptions[] => {
  /** The page listens for the keys by itself; a click presses them for it. */
  const press = ({ key, mod }: Keys) => {
    show()
    const modifiers = mod ? [isMac ? ('meta' as const) : ('control' as const)] : []
    const contents = window()?.webContents
    contents?.sendInputEvent({ type: 'keyDown', keyCode: key, modifiers })
    contents?.sendInputEvent({ type: 'keyUp', keyCode: key, modifiers })
  }
  const item = (id: string, label: string, keys: Keys): MenuItemConstructorOptions => ({
    id,
    label,
    ...(keys.mod ? { accelerator: `CmdOrCtrl+${keys.key}` } : {}),
    registerAccelerator: false,
    click: () => press(keys),
  })
  return [
    ...(isMac ? ([{ role: 'appMenu' }] as const) : []),
    {
      label: texts.file,
      submenu: [
        item('compose', texts.compose, { key: 'n', mod: true }),
        item('preferences', texts.settings, { key: ',', mod: true }),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: texts.view,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        ...OTHER_ZOOM_KEYS.map(([role, accelerator]) => ({ role, accelerator, visible: false, acceleratorWorksWhenHidden: true })),
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: texts.go,
      submenu: AREAS.map((area, index) => item(area, texts.areas[index] ?? area, { key: String(index + 1), mod: true })),
    },
    { role: 'windowMenu' },
    {
      label: texts.help,
      role: 'help',
      submenu: [
        item('palette', texts.palette, { key: 'k', mod: true }),
        item('sheet', texts.shortcuts, { key: '?', mod: false }),
        // On macOS it stands in the menu of the app.
        ...(isMac ? [] : ([{ type: 'separator' }, { role: 'about' }] as const)),
      ],
    },
  ]
}

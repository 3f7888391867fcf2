/** The tray: shows what the market says and does what is clicked. What it shows is decided in tray-model.ts. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron'
import { createClient, type Client } from '../../core/contract/client.ts'
import { contract, type AppContract } from '../../core/contract/contract.ts'
import { createMemoryTransport } from '../../core/contract/memory-transport.ts'
import type { MarketDoor } from './ipc.ts'
import { stateOf, whenIdle } from './market-state.ts'
import type { Texts } from './texts.ts'
import { trayView, type TrayAction, type TrayIcon, type TrayItem, type TrayState } from './tray-model.ts'

export type TrayDeps = {
  readonly door: MarketDoor
  /** Where the images are. */
  readonly imagePath: string
  readonly texts: () => Texts['tray']
  /** Tells when they are others. */
  readonly onTexts: (listener: () => void) => void
  /** Brings the window, at a place in it. */
  readonly open: (place: string | null) => void
  readonly quit: () => void
  /** How many tasks wait for a word, and the image that says that some do. */
  readonly badge: (tasks: number, image: NativeImage) => void
  /** For what could not be done; whoever clicked has to read it. */
  readonly complain: (message: string) => void
}

const localTime = (ms: number): string => new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })

/** There until the program ends. */
export const showTray = (deps: TrayDeps): void => {
  const imageOf = imagesIn(deps.imagePath)
  const tray = new Tray(imageOf('off', isPanelDark()))
  const client = createClient(contract, createMemoryTransport(deps.door))
  const act = (action: TrayAction): void => void perform(action, client, deps)
  let shown = ''

  const show = (state: TrayState): void => {
    const view = trayView(state, localTime, deps.texts())
    const isDark = isPanelDark()
    if (shown !== `${view.icon} ${isDark}`) tray.setImage(imageOf(view.icon, isDark))
    shown = `${view.icon} ${isDark}`
    deps.badge(state.provider?.approvalsWaiting ?? 0, imageOf('needs-me', isDark))
    tray.setToolTip(view.tooltip)
    tray.setContextMenu(Menu.buildFromTemplate(view.items.map((item) => menuItem(item, act))))
  }
  const look = whenIdle(async () => show(await stateOf(client)))
  tray.on('click', () => deps.open(null))
  nativeTheme.on('updated', look)
  show({ setup: null, provider: null, approvals: [] })
  for (const follow of [client.setup.changed, client.provider.changed, client.approvals.changed]) follow(look)
  deps.onTexts(look)
  look()
}

/** The panel's, where the system tells; the theme that was chosen for the window says nothing about it there. */
const isPanelDark = (): boolean => nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ?? nativeTheme.shouldUseDarkColors

/** Each is read when it is first shown. */
const imagesIn = (path: string): ((icon: TrayIcon, isDark: boolean) => NativeImage) => {
  const images = new Map<string, NativeImage>()
  return (icon, isDark) => {
    const name = `${icon}-${isDark ? 'dark' : 'light'}`
    const image = images.get(name) ?? nativeImage.createFromPath(join(path, `${name}.png`))
    images.set(name, image)
    return image
  }
}

const perform = async (action: TrayAction, client: Client<AppContract>, deps: TrayDeps): Promise<void> => {
  if (action.kind === 'open') return deps.open(action.place)
  if (action.kind === 'quit') return deps.quit()
  const requestId = randomUUID()
  const answer = await ask(action, client, requestId)
  if (!answer.ok) deps.complain(answer.error.message)
}

const ask = (
  action: Exclude<TrayAction, { readonly kind: 'open' | 'quit' }>,
  { provider, approvals }: Client<AppContract>,
  requestId: string,
) => {
  switch (action.kind) {
    case 'provide':
      return provider.resume({ requestId })
    case 'stop-providing':
      return provider.stop({ requestId })
    case 'pause':
      return provider.pause({ requestId, forMs: action.forMs })
    case 'decide':
      return approvals.decide({ requestId, id: action.id, decision: action.decision })
  }
}

const menuItem = (item: TrayItem, act: (action: TrayAction) => void): MenuItemConstructorOptions => {
  switch (item.kind) {
    case 'text':
      return { label: item.label, enabled: false }
    case 'separator':
      return { type: 'separator' }
    case 'action':
      return { label: item.label, click: () => act(item.action) }
    case 'menu':
      return { label: item.label, submenu: item.items.map((inner) => menuItem(inner, act)) }
    case 'switch':
      return { label: item.label, type: 'checkbox', checked: item.isOn, enabled: item.isEnabled, click: () => act(item.action) }
  }
}

import type { ElectronApplication } from '@playwright/test'
import { inMainProcess } from './app.ts'

type Item = { readonly label: string; readonly checked: boolean; readonly enabled: boolean }
type Seen = { menu: Electron.Menu | null; tooltip: string }
declare global {
  /** What the app's tray was last given; no desktop shows it where tests run. */
  var seenTray: Seen | undefined
}

/** Watches what the app gives its tray from now on, and clicks in it as a person would. */
export const watchTray = async (electron: ElectronApplication) => {
  await inMainProcess(() =>
    electron.evaluate(({ Tray }) => {
      if (globalThis.seenTray !== undefined) return
      const seen: Seen = { menu: null, tooltip: '' }
      globalThis.seenTray = seen
      const watch = (name: 'setContextMenu' | 'setToolTip', see: (value: never) => void): void => {
        const original = Reflect.get(Tray.prototype, name) as (value: never) => void
        Reflect.set(Tray.prototype, name, function (this: Electron.Tray, value: never) {
          see(value)
          original.call(this, value)
        })
      }
      watch('setContextMenu', (menu: Electron.Menu | null) => (seen.menu = menu))
      watch('setToolTip', (tooltip: string) => (seen.tooltip = tooltip))
    }),
  )
  const items = (): Promise<readonly Item[]> =>
    inMainProcess(() =>
      electron.evaluate(() => (globalThis.seenTray?.menu?.items ?? []).map(({ label, checked, enabled }) => ({ label, checked, enabled }))),
    )
  return {
    items,
    labels: async () => (await items()).map(({ label }) => label),
    item: async (label: string) => (await items()).find((item) => item.label === label) ?? null,
    tooltip: () => inMainProcess(() => electron.evaluate(() => globalThis.seenTray?.tooltip ?? '')),
    click: (label: string) =>
      electron.evaluate((_electron, wanted) => void globalThis.seenTray?.menu?.items.find((item) => item.label === wanted)?.click(), label),
  }
}

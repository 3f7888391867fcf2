/** What closing the window means: asked the first time, and remembered. */
import { dialog, type BrowserWindow } from 'electron'
import type { SettingsStore } from '../../core/home/settings.ts'
import type { Texts } from './texts.ts'

const BUTTONS = ['keep-running', 'quit', 'cancel'] as const
type Wish = (typeof BUTTONS)[number]

/** Without settings that could be written the answer holds this once. */
export const askOnClose =
  (settings: SettingsStore, texts: () => Texts['closing']) =>
  async (window: BrowserWindow): Promise<Wish> => {
    const { onClose } = settings.get()
    if (onClose !== 'ask') return onClose
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'Claude Market',
      message: texts().message,
      detail: texts().detail,
      buttons: [...texts().buttons],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    })
    const wish = BUTTONS[response] ?? 'cancel'
    if (wish !== 'cancel') await settings.set({ ...settings.get(), onClose: wish })
    return wish
  }

/** What closing the window means: asked the first time, and remembered. */
import { dialog, type BrowserWindow } from 'electron'
import type { SettingsStore } from '../../core/home/settings.ts'

const BUTTONS = ['keep-running', 'quit', 'cancel'] as const
type Wish = (typeof BUTTONS)[number]

/** Without settings that could be written the answer holds this once. */
export const askOnClose =
  (settings: SettingsStore) =>
  async (window: BrowserWindow): Promise<Wish> => {
    const { onClose } = settings.get()
    if (onClose !== 'ask') return onClose
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'Claude Market',
      message: 'Keep running when the window is closed?',
      detail:
        'The market goes on in the tray: you provide, and what is under way is settled. Choose Quit to stop it with the window. You can change this in the settings.',
      buttons: ['Keep running', 'Quit', 'Cancel'],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    })
    const wish = BUTTONS[response] ?? 'cancel'
    if (wish !== 'cancel') await settings.set({ ...settings.get(), onClose: wish })
    return wish
  }

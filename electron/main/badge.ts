/** How many tasks wait for their owner's word, on the app's own icon: in the dock, the taskbar, or where a Linux desktop counts. */
import type { App, BrowserWindow, NativeImage } from 'electron'

export type Badge = {
  readonly tasks: number
  /** For Windows, which shows a picture and no number. */
  readonly image: NativeImage
  readonly description: string
}

export const showBadge = (
  app: Pick<App, 'setBadgeCount'>,
  window: Pick<BrowserWindow, 'setOverlayIcon'> | null,
  { tasks, image, description }: Badge,
  platform: NodeJS.Platform = process.platform,
): void => {
  if (platform !== 'win32') app.setBadgeCount(tasks)
  else window?.setOverlayIcon(tasks === 0 ? null : image, tasks === 0 ? '' : description)
}

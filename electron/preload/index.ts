/**
 * The page's whole world beyond itself: frames to the market and frames from it (core/contract/channel-frames.ts). The page runs
 * the client, the main process checks every frame; nothing is decided here.
 */
import { contextBridge, ipcRenderer } from 'electron'

contextBridge.exposeInMainWorld('market', {
  send: (frame: unknown): void => ipcRenderer.send('market:frame', frame),
  listen: (listener: (frame: unknown) => void): void => {
    // A page that starts anew starts a new session: what an earlier page had asked for is over, and may still be on its way.
    const page = crypto.randomUUID()
    ipcRenderer.removeAllListeners('market:frame')
    ipcRenderer.on('market:frame', (_event, addressee: unknown, frame: unknown) => {
      if (addressee === page) listener(frame)
    })
    ipcRenderer.send('market:open', page)
  },
})

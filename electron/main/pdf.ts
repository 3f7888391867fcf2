/** The page as a PDF, where its owner says; how it looks on paper is in renderer/src/styles/print.css. */
import { join } from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import { diskFailure, systemDisk } from '../../core/platform/disk.ts'
import { fail, ok, type Failure, type Result } from '../../core/platform/result.ts'

/** @returns whether it was kept, or its owner thought better of it */
export type SavePdf = (name: string) => Promise<Result<boolean, Failure<'no-desktop' | 'disk'>>>

export const createPdfSaver =
  (current: () => BrowserWindow | null): SavePdf =>
  async (name) => {
    const window = current()
    if (window === null) return fail('no-desktop', 'There is no window to print. Open it and try again.')
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: join(app.getPath('documents'), `${name}.pdf`),
      filters: [{ name: 'PDF', extensions: ['pdf'] }],
    })
    if (canceled) return ok(false)
    try {
      await systemDisk.replace(filePath, await window.webContents.printToPDF({ pageSize: 'A4', printBackground: false }))
      return ok(true)
    } catch (error) {
      return diskFailure('The PDF', error)
    }
  }

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { loadStaticFiles, pageHeaders } from '../core/platform/static-files.ts'
import { rootPath } from './process.ts'

const outDir = join(rootPath, '.cache', 'gallery')

/** Bundles the screens with the fake market in place of a real one. */
const bundleGallery = async (): Promise<void> => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(rootPath, 'renderer'),
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome130',
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(rootPath, 'renderer', 'gallery.html') },
    },
  })
}

export type Gallery = { readonly origin: string; readonly close: () => Promise<void> }

/** The gallery under the same content policy as the app. */
export const openGallery = async (): Promise<Gallery> => {
  await bundleGallery()
  const files = loadStaticFiles(outDir, 'gallery.html')
  if (!files.ok) throw new Error(files.error.message)
  const server: Server = createServer((request, response) => {
    const file = files.value.get(new URL(request.url ?? '/', 'http://gallery').pathname)
    response.writeHead(file === undefined ? 404 : 200, { ...pageHeaders, ...(file === undefined ? {} : { 'content-type': file.type }) })
    response.end(file?.bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

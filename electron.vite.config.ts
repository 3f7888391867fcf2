import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

const at = (...parts: readonly string[]): string => join(import.meta.dirname, ...parts)

/**
 * One chunk graph for everything that runs on Node, so the window's process, its children and the headless market share their
 * code. The targets are the older of the two runtimes a bundle meets: the test runtime (Electron 33) and Electron 45.
 */
const nodeEntries = {
  'main/index': at('electron', 'main', 'index.ts'),
  'main/nodes': at('electron', 'main', 'nodes.ts'),
  'headless/cli': at('headless', 'cli.ts'),
}

/** V8 keeps the text of a file with one character beyond Latin-1 in twice the memory, so those are written as escapes. */
const latin1Only: Plugin = {
  name: 'latin-1-only',
  generateBundle: (_options, bundle) => {
    for (const file of Object.values(bundle))
      if (file.type === 'chunk')
        file.code = file.code.replace(/[\u0100-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  },
}

export default defineConfig({
  main: {
    plugins: [latin1Only],
    build: {
      outDir: 'out',
      target: 'node20.18',
      externalizeDeps: false,
      rolldownOptions: {
        // Native: it stays a package of its own beside the bundle.
        external: ['better-sqlite3'],
        input: nodeEntries,
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'shared/[name]-[hash].js',
          // A process keeps the text of what it runs. The names stay, because the logs show them.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node20.18',
      externalizeDeps: false,
      // A sandboxed preload is CommonJS in a single file.
      rolldownOptions: { input: at('electron', 'preload', 'index.ts'), output: { format: 'cjs', entryFileNames: 'index.cjs' } },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome130',
      minify: true,
      // Inlined assets would need `data:` where the policy has none.
      assetsInlineLimit: 0,
      rolldownOptions: { input: at('renderer', 'index.html') },
    },
  },
})

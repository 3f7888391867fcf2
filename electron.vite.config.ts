import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

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

export default defineConfig({
  main: {
    build: {
      outDir: 'out',
      target: 'node20.18',
      externalizeDeps: false,
      rolldownOptions: {
        // Native: it stays a package of its own beside the bundle.
        external: ['better-sqlite3'],
        input: nodeEntries,
        output: { entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' },
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

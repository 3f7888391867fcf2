import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { rootPath } from '../scripts/process.ts'

/**
 * Bundles a program of bench/floor/ the way the app is bundled, so that the floor pays for libp2p alone and not for the hundreds of
 * small files it is published as. Gives the bundle's path.
 */
export const bundleFloor = async (name: string): Promise<string> => {
  const outDir = join(rootPath, '.cache', 'bench')
  mkdirSync(outDir, { recursive: true })
  await build({
    configFile: false,
    root: rootPath,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20.18',
      rolldownOptions: {
        input: join(import.meta.dirname, 'floor', `${name}.ts`),
        external: ['better-sqlite3'],
        output: { format: 'es', entryFileNames: `${name}.mjs`, chunkFileNames: `${name}-[hash].mjs` },
      },
    },
  })
  return join(outDir, `${name}.mjs`)
}

import { join } from 'node:path'
import { build } from 'vite'

export const hardCasesPath = (rootPath: string): string => join(rootPath, '.cache', 'e2e', 'ed25519-hard-cases.cjs')

/** The Ed25519 cases as one CommonJS file, which a running Electron can load into its main process. */
export const bundleHardCases = async (rootPath: string): Promise<void> => {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: rootPath,
    ssr: { noExternal: true },
    build: {
      ssr: join(rootPath, 'core', 'identity', 'ed25519-hard-cases.ts'),
      outDir: join(rootPath, '.cache', 'e2e'),
      emptyOutDir: false,
      target: 'node20.18',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'ed25519-hard-cases.cjs' } },
    },
  })
}

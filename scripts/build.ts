import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { acceptNoOptions } from './no-options.ts'
import { rootPath, run } from './process.ts'

const inputs = [
  'core/**/*.{ts,sql}',
  'electron/**/*.ts',
  'headless/**/*.ts',
  'renderer/**/*.{ts,tsx,css,html,svg,json}',
  'electron.vite.config.ts',
  'package-lock.json',
]
const isInput = (file: string): boolean => !/\.test\.tsx?$/.test(file)

/** Where the hash of what out/ was made from is written down. */
const stampPath = join(rootPath, 'out', '.stamp')

const hashInputs = (): string => {
  const hash = createHash('sha256')
  for (const file of globSync(inputs, { cwd: rootPath }).filter(isInput).toSorted()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(rootPath, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

const readStamp = (): string | null => {
  try {
    return readFileSync(stampPath, 'utf8')
  } catch {
    return null
  }
}

export type Built = { readonly ok: boolean; readonly output: string }

/** Makes the bundles in out/ unless they are already made of these very sources. */
export const build = async (): Promise<Built> => {
  const hash = hashInputs()
  if (readStamp() === hash) return { ok: true, output: '' }
  const { code, output } = await run('electron-vite', ['build'])
  if (code !== 0) return { ok: false, output: `The build failed.\n${output.trimEnd()}` }
  mkdirSync(join(rootPath, 'out'), { recursive: true })
  writeFileSync(stampPath, hash)
  return { ok: true, output: '' }
}

const main = async (): Promise<void> => {
  acceptNoOptions('build')
  const { ok, output } = await build()
  if (!ok) console.error(output)
  process.exitCode = ok ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rootPath } from './process.ts'

/** Put together here, so that this file does not find itself. */
const suppressions = new RegExp(['(ox|es)lint' + '-disable', '@ts-' + '(ignore|expect-error|nocheck)', 'oxfmt' + '-ignore'].join('|'))

test('no file silences the checks', () => {
  const files = globSync('{core,electron,headless,renderer,scripts,bench,e2e}/**/*.{ts,tsx,mjs}', { cwd: rootPath })
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter((file) => suppressions.test(readFileSync(join(rootPath, file), 'utf8')))).toEqual([])
})

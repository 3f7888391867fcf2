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

test('no file keeps the marks of an unfinished merge', () => {
  const files = globSync(
    ['*.md', 'docs/**/*.md', '{core,electron,headless,renderer,resources,scripts,bench,e2e}/**/*.{ts,tsx,md,css,html}'],
    {
      cwd: rootPath,
    },
  )
  expect(files).toContain('README.md')
  const marks = new RegExp(`^(${'<'.repeat(7)}|${'>'.repeat(7)}) `, 'm')
  expect(files.filter((file) => marks.test(readFileSync(join(rootPath, file), 'utf8')))).toEqual([])
})

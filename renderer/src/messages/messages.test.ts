import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { expect, test } from 'vitest'
import { en } from './en.ts'
import { t } from './translate.ts'

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${join('messages', 'en')}`))
    .map((file) => readFileSync(file, 'utf8'))

test('every text is a message that can be formatted', () => {
  const broken = Object.entries(en).flatMap(([key, text]) => {
    try {
      return new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst().length === 0 ? [key] : []
    } catch (error) {
      return [`${key}: ${error instanceof Error ? error.message : 'thrown'}`]
    }
  })
  expect(broken).toEqual([])
})

test('every text is used somewhere, by its whole key or by the beginning of one that is put together', () => {
  const code = sources(join(import.meta.dirname, '..')).join('\n')
  const beginnings = [...code.matchAll(/`([a-zA-Z.-]+\.)\$\{/g)].map(([, beginning]) => beginning ?? '')
  const unused = Object.keys(en).filter((key) => !code.includes(`'${key}'`) && !beginnings.some((beginning) => key.startsWith(beginning)))
  expect(unused).toEqual([])
})

test('a number chooses its plural', () => {
  expect([1, 2].map((count) => t('nav.waiting', { count }))).toEqual(['1 waits for you', '2 wait for you'])
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Sides that stay where they are when a language is written from right to left. */
const PHYSICAL =
  /(?:^|[\s;{])(?:(?:margin|padding|border|scroll-margin)-(?:left|right)|(?:left|right)\s*:|(?:float|text-align|clear)\s*:\s*(?:left|right))/

test('no style names the left or the right side', () => {
  const folder = join(import.meta.dirname, '..')
  const styles = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css'))
  expect(styles.length).toBeGreaterThan(20)
  const physical = styles.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .flatMap((line) => (PHYSICAL.test(line) ? [`${name}: ${line.trim()}`] : [])),
  )
  expect(physical).toEqual([])
})

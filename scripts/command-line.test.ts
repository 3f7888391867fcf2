import { expect, test } from 'vitest'
import { run } from './process.ts'

test.each(['scripts/build.ts', 'scripts/check.ts', 'scripts/simulate.ts', 'scripts/start.ts', 'scripts/test.ts', 'bench/run.ts'])(
  '%s answers an unknown option with one sentence and exit code 2',
  async (script) => {
    const { code, output } = await run('node', [script, '--no-such-option'])
    expect({ code, lines: output.trim().split('\n').length }).toEqual({ code: 2, lines: 1 })
    expect(output).toContain("Unknown option '--no-such-option'.")
  },
)

test('an unknown benchmark is refused by name, with those that exist', async () => {
  const { code, output } = await run('node', ['bench/run.ts', 'no-such-benchmark'])
  expect(code).toBe(2)
  expect(output).toMatch(/^There is no benchmark “no-such-benchmark”; there are [a-z-]+(?:, [a-z-]+)+\.\n$/)
})

test.each([
  ['18.20.0', 2],
  ['22.17.1', 2],
  ['22.18.0', 0],
  ['24.21.0', 0],
])('on Node %s the first check ends with %i', async (version, expected) => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); await import('./scripts/require-node.mjs')`
  const { code, output } = await run('node', ['--input-type=module', '--eval', pretend])
  expect({ code, lines: output.split('\n').length - 1 }).toEqual({ code: expected, lines: expected === 0 ? 0 : 1 })
})

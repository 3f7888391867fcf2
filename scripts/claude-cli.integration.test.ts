import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { fakeWords } from '../core/executors/fixtures/fake-anthropic.ts'
import { obtainClaudeCode } from './claude-code.ts'
import { rootPath } from './process.ts'
import type { Scene, Scenes } from './testing/claude-cli-scenes.ts'

/**
 * The real Claude Code program in an empty network namespace: it can reach a Messages API on loopback and nothing else, and would
 * have to say so if it tried.
 */
const scenesOf = async (): Promise<Scenes | string> => {
  const program = await obtainClaudeCode()
  if (!program.ok) return program.error.message
  const inside = `ip link set lo up && exec '${process.execPath}' scripts/testing/claude-cli-scenes.ts '${program.value}'`
  const ran = spawnSync('unshare', ['-rn', 'sh', '-c', inside], { cwd: rootPath, encoding: 'utf8', timeout: 85_000 })
  if (ran.error !== undefined || ran.stdout === '') return `No empty network namespace can be had here: ${ran.stderr.slice(0, 200)}`
  return JSON.parse(ran.stdout) as Scenes
}

const ran = await scenesOf()
if (typeof ran === 'string') console.log(`SKIPPED: the real Claude Code program did not run. ${ran}`)
const scenes: Scenes = typeof ran === 'string' ? {} : ran
const words = fakeWords.join('')
const scene = (name: string): Scene => {
  const found = scenes[name]
  if (found === undefined) throw new Error(`there is no scene ${name}`)
  return found
}

test.skipIf(typeof ran === 'string')(
  'without our protections it sends a file of this computer that a prompt names: the canary can be seen',
  () => {
    expect(scene('unprotected').sent).toContain('CANARY')
  },
)

test.skipIf(typeof ran === 'string')(
  'with them it sends the prompt as it is written, and no file, no tool, nothing about this computer',
  () => {
    const { sent, tools, system, outcome, text, maxTokens } = scene('bait')
    expect({ outcome, text, tools, maxTokens }).toEqual({ outcome: 'end', text: words, tools: 0, maxTokens: 77 })
    expect(sent).not.toContain('CANARY')
    expect(sent).toContain('/help')
    expect(system).toContain('Answer the message of the user.')
    expect(system).not.toMatch(/working directory|platform|os version|git/i)
  },
)

test.skipIf(typeof ran === 'string').each([
  ['answer', 'end', words],
  ['max-tokens', 'length', words],
  ['refusal', 'refusal', 'This is '],
  ['unauthorised', 'unauthorised', ''],
  ['rate-limited', 'rate-limited', ''],
  ['overloaded', 'overloaded', ''],
  ['empty', 'empty', ''],
  ['mid-stream-error', 'broken-stream', expect.any(String) as string],
  ['cut-short', 'unavailable', expect.any(String) as string],
  ['dropped-socket', 'unavailable', expect.any(String) as string],
])('an API in mode "%s" ends as "%s" after one request, because a second would be paid twice', (name, outcome, text) => {
  expect(scene(name)).toMatchObject({ outcome, text, posts: 1 })
})

test.skipIf(typeof ran === 'string')('a model that is not there is named as such', () => {
  expect(scene('not-found')).toMatchObject({ outcome: 'model-not-found', text: '' })
})

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newSecrets, withNewWitness } from '../identity/secrets.ts'
import { createSeededRandom } from '../platform/random.ts'
import { recallWitness, rememberWitness } from './witness-memory.ts'

const random = createSeededRandom('witness')
const secrets = withNewWitness(newSecrets(random), random)
const memory = { dbId: random.bytes(32), generation: 7 }

let dataFolder: string
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'witness-memory-'))
})
afterEach(() => rmSync(dataFolder, { recursive: true }))

test('a witness remembers its votes’ database over restarts', async () => {
  const config = { dataFolder, keyProtection: 'file' } as const
  expect(await recallWitness(config, secrets)).toEqual({ ok: true, value: secrets })
  expect(await rememberWitness(config, memory)).toEqual({ ok: true, value: null })
  expect(await recallWitness(config, secrets)).toEqual({ ok: true, value: { ...secrets, witness: { ...secrets.witness, memory } } })
})

test('a session’s witness leaves nothing behind', async () => {
  const config = { dataFolder, keyProtection: 'session' } as const
  await rememberWitness(config, memory)
  expect([await recallWitness(config, secrets), readdirSync(dataFolder)]).toEqual([{ ok: true, value: secrets }, []])
})

test('a damaged memory keeps the witness from starting, because it may have voted', async () => {
  writeFileSync(join(dataFolder, 'witness-memory.json'), '{"generation":-1}')
  expect(await recallWitness({ dataFolder, keyProtection: 'os' }, secrets)).toMatchObject({ ok: false, error: { code: 'damaged' } })
})

test('a disk that cannot be written says so before the witness votes', async () => {
  const config = { dataFolder: join(dataFolder, 'missing'), keyProtection: 'os' } as const
  expect(await rememberWitness(config, memory)).toMatchObject({ ok: false, error: { code: 'disk' } })
})

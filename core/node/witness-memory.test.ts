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

let folder: string
let dataFolder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'witness-memory-'))
  dataFolder = join(folder, 'witness-1')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a witness remembers its votes’ database over restarts', async () => {
  const config = { dataFolder, keyProtection: 'file' } as const
  expect(await recallWitness(config, secrets)).toEqual({ ok: true, value: secrets })
  expect(await rememberWitness(config, memory)).toEqual({ ok: true, value: null })
  expect(await recallWitness(config, secrets)).toEqual({ ok: true, value: { ...secrets, witness: { ...secrets.witness, memory } } })
})

test('a session’s witness leaves nothing behind', async () => {
  const config = { dataFolder, keyProtection: 'session' } as const
  await rememberWitness(config, memory)
  expect([await recallWitness(config, secrets), readdirSync(folder)]).toEqual([{ ok: true, value: secrets }, []])
})

test('of a damaged memory remains that there was one: the witness starts and votes no more', async () => {
  writeFileSync(`${dataFolder}-memory.json`, '{"generation":-1}')
  const recalled = await recallWitness({ dataFolder, keyProtection: 'os' }, secrets)
  expect(recalled).toMatchObject({ ok: true, value: { witness: { memory: { dbId: new Uint8Array(32), generation: 0 } } } })
})

test('a disk that cannot be written says so before the witness votes', async () => {
  const config = { dataFolder: join(folder, 'missing', 'witness-1'), keyProtection: 'os' } as const
  expect(await rememberWitness(config, memory)).toMatchObject({ ok: false, error: { code: 'disk' } })
})

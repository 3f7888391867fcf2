import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentAudit } from '../audit/service.ts'
import { createCredentialStore } from '../identity/credentials.ts'
import { newSecrets } from '../identity/secrets.ts'
import { createVault, openVault, type Vault } from '../identity/vault.ts'
import { utf8 } from '../platform/bytes.ts'
import { systemDisk, type Disk } from '../platform/disk.ts'
import { createSeededRandom } from '../platform/random.ts'
import { createCredentials, credentialHandlers } from './credentials.ts'
import { createSecretGuard } from './secret-guard.ts'

const random = createSeededRandom('credentials')
const keyOf = (letter: string): string => `sk-ant-api03-${letter.repeat(40)}`
const passphrase = { kind: 'passphrase', passphrase: 'three quiet words', cost: { n: 1_024, r: 8, p: 1 } } as const

let folder: string
let vault: Vault
let disk: Disk
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-test-'))
  disk = systemDisk
  const deps = {
    file: join(folder, 'vault.json'),
    disk: { read: systemDisk.read, replace: (...args: Parameters<Disk['replace']>) => disk.replace(...args) },
    random,
  }
  const made = await createVault(deps, passphrase, newSecrets(random))
  if (!made.ok) throw new Error(made.error.message)
  vault = made.value
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = () => {
  const guard = createSecretGuard()
  const revisions: number[] = []
  const handlers = credentialHandlers(
    createCredentials({
      store: createCredentialStore(vault),
      guard,
      audit: silentAudit,
      changed: (revision) => revisions.push(revision),
    }),
  )
  const requestId = 'request-000000001'
  return {
    revisions,
    stops: (secret: string) => !guard.inspectKnown(utf8(secret)).ok,
    list: handlers.list,
    put: async (ref: string, secret: string) => handlers.put({ requestId, ref, secret }),
    remove: async (ref: string) => handlers.remove({ requestId, ref }),
  }
}

describe('a credential', () => {
  test('is in the vault and nowhere readable, is never given back, and is there after a restart', async () => {
    const { put, list, revisions } = open()
    expect(await put('work', ` ${keyOf('a')}\n`)).toEqual({ ok: true, value: {} })
    expect(await list({})).toEqual({ ok: true, value: { revision: 1, refs: ['work'], protection: 'passphrase' } })
    expect(revisions).toEqual([1])
    expect(readFileSync(join(folder, 'vault.json'), 'utf8')).not.toContain('sk-ant')
    vault.close()
    const again = await openVault({ file: join(folder, 'vault.json'), disk: systemDisk, random }, passphrase)
    expect(again.ok && createCredentialStore(again.value).secret('work')).toBe(keyOf('a'))
  })

  test('that the policy does not let serve is refused without being repeated, and nothing is kept', async () => {
    const { put, list } = open()
    for (const secret of ['sk-ant-oat01-abcdefghijklmnop', 'sk-ant-admin01-abcdefghijklmnop', 'hunter2']) {
      const answer = await put('work', secret)
      expect(answer).toMatchObject({ ok: false, error: { code: 'not-a-key' } })
      expect(JSON.stringify(answer)).not.toContain(secret)
    }
    expect(await list({})).toMatchObject({ value: { revision: 0, refs: [] } })
  })

  test('is looked for in all that leaves for as long as it is kept, also when another takes its name', async () => {
    const { put, remove, stops } = open()
    await put('work', keyOf('a'))
    expect([stops(keyOf('a')), stops(keyOf('b'))]).toEqual([true, false])
    await put('work', keyOf('b'))
    expect([stops(keyOf('a')), stops(keyOf('b'))]).toEqual([false, true])
    expect(await remove('work')).toEqual({ ok: true, value: {} })
    expect(stops(keyOf('b'))).toBe(false)
    expect(await remove('work')).toMatchObject({ ok: false, error: { code: 'not-found' } })
  })

  test('that has two names is looked for until neither is left', async () => {
    const { put, remove, stops } = open()
    await put('work', keyOf('a'))
    await put('home', keyOf('a'))
    await put('work', keyOf('b'))
    expect(stops(keyOf('a'))).toBe(true)
    await put('work', keyOf('a'))
    await remove('home')
    expect(stops(keyOf('a'))).toBe(true)
    await remove('work')
    expect(stops(keyOf('a'))).toBe(false)
  })

  test('one too many is refused, and a full disk changes nothing', async () => {
    const { put, list, stops } = open()
    for (let index = 0; index < 32; index++) await put(`key-${index}`, keyOf('a'))
    expect(await put('one-more', keyOf('b'))).toMatchObject({ ok: false, error: { code: 'too-many' } })
    disk = { ...systemDisk, replace: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) }
    expect(await put('key-0', keyOf('c'))).toMatchObject({ ok: false, error: { code: 'disk' } })
    expect([await list({}), stops(keyOf('c'))]).toMatchObject([{ value: { refs: { length: 32 } } }, false])
  })
})

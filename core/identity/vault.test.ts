import { mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromUtf8, sha256, toHex, utf8 } from '../platform/bytes.ts'
import { createDisk, systemDisk, type FileCalls } from '../platform/disk.ts'
import { createSeededRandom } from '../platform/random.ts'
import type { Result } from '../platform/result.ts'
import type { OsProtector, PassphraseProtector } from './protection.ts'
import type { Secrets } from './secrets.ts'
import { createVault, openVault, readProtection, type Vault, type VaultDeps, type VaultFailure } from './vault.ts'

const filled = (byte: number) => new Uint8Array(32).fill(byte)
const secrets: Secrets = {
  accountEntropy: filled(1),
  deviceIndex: 7,
  linkedTo: null,
  nodeSeed: filled(2),
  witness: { seed: filled(3), memory: { dbId: filled(4), generation: 12 } },
  credentials: [{ ref: 'team', secret: 'not a real key' }],
}
const cost = { n: 1_024, r: 8, p: 1 }
const passphrase: PassphraseProtector = { kind: 'passphrase', passphrase: 'correct horse battery', cost }
/** A key store that answers, and whose answer says nothing about changes, like the one of some desktops. */
const flip = (bytes: Uint8Array) => Promise.resolve(bytes.map((byte) => byte ^ 0x55))
const keyStore: OsProtector = { kind: 'os', encrypt: flip, decrypt: flip }

let folder: string
let deps: VaultDeps
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-'))
  deps = { file: join(folder, 'vault.json'), disk: systemDisk, random: createSeededRandom('vault') }
})
afterEach(() => rm(folder, { recursive: true }))

const opened = (result: Result<Vault, VaultFailure>): Vault => {
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const code = (result: Result<unknown, VaultFailure>) => (result.ok ? null : result.error.code)
const onDisk = () => readFile(deps.file)

describe('a vault', () => {
  it.each([passphrase, keyStore])('gives back under $kind what was put in', async (protector) => {
    opened(await createVault(deps, protector, secrets)).close()
    expect(await readProtection(deps)).toEqual({ ok: true, value: protector.kind })
    const vault = opened(await openVault(deps, protector))
    expect(vault.secrets()).toEqual(secrets)
    expect(vault.protection()).toBe(protector.kind)
  })

  it('keeps a change for the next start', async () => {
    const vault = opened(await createVault(deps, passphrase, secrets))
    await vault.update((now) => ({ ...now, credentials: [] }))
    await vault.update((now) => ({ ...now, witness: null }))
    expect(opened(await openVault(deps, passphrase)).secrets()).toEqual({ ...secrets, credentials: [], witness: null })
  })

  it('takes concurrent changes one after the other', async () => {
    const vault = opened(await createVault(deps, keyStore, { ...secrets, deviceIndex: 0 }))
    await Promise.all(Array.from({ length: 10 }, () => vault.update((now) => ({ ...now, deviceIndex: now.deviceIndex + 1 }))))
    expect(opened(await openVault(deps, keyStore)).secrets().deviceIndex).toBe(10)
  })

  it('shows no secret on disk, not even part of one, and is readable by its owner alone', async () => {
    opened(await createVault(deps, passphrase, secrets))
    const text = (await onDisk()).toString('latin1')
    for (const trace of ['not a real key', 'team', toHex(filled(1)).slice(0, 16), Buffer.from(filled(1)).toString('base64').slice(0, 12)])
      expect(text).not.toContain(trace)
    expect((await stat(deps.file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['vault.json'])
  })

  it('never seals twice with the same nonce', async () => {
    const vault = opened(await createVault(deps, keyStore, secrets))
    const first = await onDisk()
    await vault.update((now) => now)
    expect((await onDisk()).equals(first)).toBe(false)
  })

  it('leaves nothing behind in the caller’s hands once closed', async () => {
    const vault = opened(await createVault(deps, keyStore, secrets))
    const { accountEntropy } = vault.secrets()
    vault.close()
    expect(accountEntropy).toEqual(new Uint8Array(32))
    expect(secrets.accountEntropy).toEqual(filled(1))
    expect(() => vault.secrets()).toThrow('closed')
    await expect(vault.update((now) => now)).rejects.toThrow('closed')
  })

  it('takes no secret that it could not read back', async () => {
    const vault = opened(await createVault(deps, keyStore, secrets))
    await expect(vault.update((now) => ({ ...now, nodeSeed: new Uint8Array(31) }))).rejects.toThrow('bounds')
    expect(vault.secrets()).toEqual(secrets)
    expect(opened(await openVault(deps, keyStore)).secrets()).toEqual(secrets)
  })
})

describe('a vault of the session', () => {
  it('writes nothing until it is protected', async () => {
    const vault = opened(await createVault(deps, { kind: 'session' }, secrets))
    await vault.update((now) => ({ ...now, deviceIndex: 8 }))
    expect(await readdir(folder)).toEqual([])
    expect(vault.protection()).toBe('session')
    expect(await vault.protectWith(passphrase)).toEqual({ ok: true, value: null })
    expect(opened(await openVault(deps, passphrase)).secrets().deviceIndex).toBe(8)
  })
})

describe('changing the protection', () => {
  it('shuts the old passphrase out', async () => {
    const vault = opened(await createVault(deps, passphrase, secrets))
    const next = { ...passphrase, passphrase: 'quite another one' }
    expect(await vault.protectWith(next)).toEqual({ ok: true, value: null })
    expect(code(await openVault(deps, passphrase))).toBe('wrong-passphrase')
    expect(opened(await openVault(deps, next)).secrets()).toEqual(secrets)
    await vault.update((now) => ({ ...now, deviceIndex: 9 }))
    expect(opened(await openVault(deps, next)).secrets().deviceIndex).toBe(9)
  })

  it('moves between passphrase and key store', async () => {
    const vault = opened(await createVault(deps, passphrase, secrets))
    await vault.protectWith(keyStore)
    expect(code(await openVault(deps, passphrase))).toBe('other-protection')
    expect(opened(await openVault(deps, keyStore)).protection()).toBe('os')
  })

  it('refuses a short passphrase and leaves everything as it was', async () => {
    const vault = opened(await createVault(deps, passphrase, secrets))
    expect(code(await vault.protectWith({ ...passphrase, passphrase: 'too short' }))).toBe('weak-passphrase')
    expect(opened(await openVault(deps, passphrase)).secrets()).toEqual(secrets)
  })
})

describe('a vault that cannot be opened', () => {
  it('says why', async () => {
    expect(code(await openVault(deps, passphrase))).toBe('no-vault')
    opened(await createVault(deps, passphrase, secrets))
    expect(code(await openVault(deps, { ...passphrase, passphrase: 'correct horse batterz' }))).toBe('wrong-passphrase')
    expect(code(await openVault(deps, { ...passphrase, passphrase: 'x'.repeat(2_000) }))).toBe('wrong-passphrase')
    expect(code(await openVault(deps, keyStore))).toBe('other-protection')
  })

  it('blames the key store when that refuses or gives another key', async () => {
    const refusing: OsProtector = {
      kind: 'os',
      encrypt: () => Promise.reject(new Error('locked')),
      decrypt: () => Promise.reject(new Error('locked')),
    }
    expect(code(await createVault(deps, refusing, secrets))).toBe('os-refused')
    expect(await readdir(folder)).toEqual([])
    opened(await createVault(deps, keyStore, secrets))
    expect(code(await openVault(deps, refusing))).toBe('os-refused')
    expect(code(await openVault(deps, { ...keyStore, decrypt: () => Promise.resolve(new Uint8Array(31)) }))).toBe('os-refused')
    expect(code(await openVault(deps, { ...keyStore, decrypt: () => Promise.resolve(filled(9)) }))).toBe('damaged')
  })

  it('is never replaced, whatever it holds', async () => {
    for (const content of ['', 'garbage', '{"format":"claude-market-vault","version":2}', 'x'.repeat(300_000)]) {
      await writeFile(deps.file, content)
      expect(code(await createVault(deps, passphrase, secrets))).toBe('vault-exists')
      expect((await onDisk()).toString()).toBe(content)
    }
  })

  it('is of a newer version only when it says so', async () => {
    await writeFile(deps.file, '{"format":"claude-market-vault","version":2,"anything":"else"}')
    expect(code(await openVault(deps, passphrase))).toBe('newer-version')
    for (const version of ['0', '1.5', '-1', '"2"', 'null']) {
      await writeFile(deps.file, `{"format":"claude-market-vault","version":${version}}`)
      expect(code(await openVault(deps, passphrase))).toBe('damaged')
    }
    await writeFile(deps.file, 'x'.repeat(300_000))
    expect(code(await openVault(deps, passphrase))).toBe('damaged')
  })

  it('says when the file may not be read', async () => {
    const forbidden = { ...systemDisk, read: () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' })) }
    expect(code(await openVault({ ...deps, disk: forbidden }, passphrase))).toBe('disk')
    expect(code(await createVault({ ...deps, disk: forbidden }, passphrase, secrets))).toBe('disk')
    expect(await readdir(folder)).toEqual([])
  })
})

describe('a vault file that was changed', () => {
  it('is refused wherever one bit was flipped, and stays as it is', async () => {
    opened(await createVault(deps, passphrase, secrets))
    const original = new Uint8Array(await onDisk())
    for (let at = 0; at < original.length; at++) {
      const changed = original.with(at, (original[at] ?? 0) ^ (1 << (at % 8)))
      await writeFile(deps.file, changed)
      expect(['damaged', 'newer-version']).toContain(code(await openVault(deps, passphrase)))
      expect(new Uint8Array(await onDisk())).toEqual(changed)
    }
  })

  it('is refused when cut short anywhere', async () => {
    opened(await createVault(deps, keyStore, secrets))
    const original = await onDisk()
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), async (length) => {
        await writeFile(deps.file, original.subarray(0, length))
        expect(code(await openVault(deps, keyStore))).toBe('damaged')
      }),
    )
  })

  /** Someone who alters the file can also mend its checksum; then the seal has to hold. */
  const withChecksum = (edit: (body: Record<string, unknown>) => Record<string, unknown>, text: string) => {
    const { checksum: _, ...body } = JSON.parse(text) as Record<string, unknown>
    const edited = edit(body)
    return `${JSON.stringify({ ...edited, checksum: toHex(sha256(utf8(JSON.stringify(edited)))) }, null, 2)}\n`
  }
  const swapLetter = (text: string, at: number) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`

  it('is refused by its seal when even the checksum was mended', async () => {
    opened(await createVault(deps, passphrase, secrets))
    const text = fromUtf8(new Uint8Array(await onDisk()))
    const tryEdit = async (edit: Parameters<typeof withChecksum>[0]) => {
      await writeFile(deps.file, withChecksum(edit, text))
      return code(await openVault(deps, passphrase))
    }
    expect(await tryEdit((body) => body)).toBe(null)
    expect(await tryEdit((body) => ({ ...body, nonce: swapLetter(String(body['nonce']), 3) }))).toBe('wrong-passphrase')
    for (const at of [0, 100, 200])
      expect(await tryEdit((body) => ({ ...body, sealed: swapLetter(String(body['sealed']), at) }))).toBe('wrong-passphrase')
    const protection = (change: object) => (body: Record<string, unknown>) => ({
      ...body,
      protection: { ...(body['protection'] as object), ...change },
    })
    expect(await tryEdit(protection({ n: 2_048 }))).toBe('wrong-passphrase')
    expect(await tryEdit(protection({ n: 1_025 }))).toBe('damaged')
    expect(await tryEdit(protection({ n: 2 ** 24 }))).toBe('damaged')
    expect(await tryEdit(protection({ r: 80 }))).toBe('damaged')
    expect(await tryEdit((body) => ({ ...body, sealed: 'AAAA' }))).toBe('wrong-passphrase')
  })
})

describe('a crash while the vault is written', () => {
  /** The process dies at its n-th call to the file system: that call and every later one never happen. */
  const dyingAt = (fatalCall: number) => {
    let calls = 0
    const alive = () => {
      if (++calls >= fatalCall) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    }
    const guardedOpen: FileCalls['open'] = async (...args) => {
      alive()
      const handle = await open(...args)
      const writeWhole = handle.writeFile.bind(handle)
      const syncWhole = handle.sync.bind(handle)
      handle.writeFile = async (data, options) => {
        // A torn write: half of it arrives.
        if (calls + 1 >= fatalCall) await writeWhole((data as Uint8Array).subarray(0, 50), options)
        alive()
        return writeWhole(data, options)
      }
      handle.sync = async () => {
        alive()
        return syncWhole()
      }
      return handle
    }
    const disk = createDisk({
      open: guardedOpen,
      rename: async (...args) => {
        alive()
        return rename(...args)
      },
      rm: async (...args) => {
        alive()
        return rm(...args)
      },
    })
    return disk
  }

  it('leaves the old vault or the new one, complete, at every step', async () => {
    opened(await createVault(deps, keyStore, { ...secrets, deviceIndex: 0 })).close()
    const outcomes: (readonly [string, number])[] = []
    for (let fatalCall = 1; fatalCall <= 10; fatalCall++) {
      // One call more: the first is the open for reading.
      const vault = opened(await openVault({ ...deps, disk: dyingAt(fatalCall + 1) }, keyStore))
      const updated = await vault.update((now) => ({ ...now, deviceIndex: fatalCall }))
      const after = opened(await openVault(deps, keyStore)).secrets()
      outcomes.push([updated.ok ? 'stored' : updated.error.message, after.deviceIndex])
    }
    const full = 'The key file could not be written: the disk is full. Free some space and try again.'
    expect(outcomes).toEqual([
      [full, 0], // removing an old draft
      [full, 0], // opening the draft
      [full, 0], // writing half of it
      [full, 0], // syncing it
      [full, 0], // renaming it
      [full, 6], // opening the folder: renamed, but not known to be durable
      [full, 7], // syncing the folder
      ['stored', 8],
      ['stored', 9],
      ['stored', 10],
    ])
  })
})

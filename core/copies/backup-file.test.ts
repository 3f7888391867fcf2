import { describe, expect, test } from 'vitest'
import { containing } from '../contract/testing/matching.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { renderLink } from '../federation/link-text.ts'
import { genesisBounds } from '../federation/genesis.ts'
import { createSeededRandom } from '../platform/random.ts'
import { hash, signerOf } from '../settlement/testing/world.ts'
import { backupPrefix, maxBackupCharacters, readBackup, renderBackup, type Backup } from './backup-file.ts'
import { maxCopyBytes, maxSealedBytes, signCopy } from './model.ts'

const nowMs = 1_750_000_000_000
const ann = signerOf('ann')
const federationOf = (seed: string) => {
  const made = createPracticeFederation({
    random: createSeededRandom(seed),
    nowMs,
    requesterKey: ann.publicKey,
    witnessAddresses: [4001, 4002, 4003, 4004].map((port) => [`/ip4/127.0.0.1/tcp/${port}`]),
  })
  if (!made.ok) throw new Error(made.error.message)
  return made.value.federation
}
const federation = federationOf('ours')
const backupOf = (ciphertext: Uint8Array, signedIn = federation): Backup => ({
  federation,
  madeAtMs: nowMs + 5,
  copy: signCopy({ account: hash('ann'), slot: new Uint8Array(16), version: nowMs, enc: hash('enc'), ciphertext }, ann, signedIn.id),
})
const backup = backupOf(new Uint8Array(100))
const file = renderBackup(backup)

describe('a backup file', () => {
  test('is read as it was written, and has one spelling', () => {
    expect(readBackup(file)).toEqual({ ok: true, value: backup })
    expect(renderBackup(backup)).toBe(file)
  })

  test('has room for the largest copy beside the largest federation', () => {
    const noise = createSeededRandom('noise')
    const copy = renderBackup(backupOf(noise.bytes(maxSealedBytes)))
    expect(readBackup(copy)).toMatchObject({ ok: true })
    const most = renderLink(
      { prefix: backupPrefix, article: 'a', noun: 'x', version: 1, maxCharacters: 0, maxPayloadBytes: 0 },
      noise.bytes(genesisBounds.bytes + maxCopyBytes + 256),
    )
    expect(most.length).toBeLessThan(maxBackupCharacters)
  })

  const laterVersion = renderLink(
    { prefix: backupPrefix, article: 'a', noun: 'x', version: 2, maxCharacters: 0, maxPayloadBytes: 0 },
    new Uint8Array(10),
  )
  const otherContent = renderLink(
    { prefix: backupPrefix, article: 'a', noun: 'x', version: 1, maxCharacters: 0, maxPayloadBytes: 0 },
    new Uint8Array(10),
  )
  const middle = Math.floor(file.length / 2)
  test.each([
    ['empty', '', 'not-a-backup', 'not a backup file'],
    ['a federation file', '{"format":"claude-market-genesis"}', 'not-a-backup', 'not a backup file'],
    ['an invite link', file.replace('backup', 'invite'), 'not-a-backup', 'not a backup file'],
    ['of a later version', laterVersion, 'other-version', 'Update the app'],
    ['cut off', file.slice(0, -40), 'damaged', 'only a part'],
    ['changed', `${file.slice(0, middle)}${file[middle] === 'A' ? 'B' : 'A'}${file.slice(middle + 1)}`, 'damaged', 'damaged'],
    ['whole and not one', otherContent, 'damaged', 'no valid one'],
    ['far too long', file + 'A'.repeat(maxBackupCharacters), 'too-big', 'too long'],
    [
      'sealed in another federation',
      renderBackup(backupOf(new Uint8Array(9), federationOf('theirs'))),
      'other-federation',
      'not of the federation',
    ],
  ])('that is %s is refused with a sentence', (_what, content, code, sentence) => {
    expect(readBackup(content)).toEqual({ ok: false, error: { code, message: containing(sentence) } })
  })
})

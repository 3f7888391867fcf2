import { describe, expect, it } from 'vitest'
import { createPracticeFederation } from '../federation/practice.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { accountCodePrefix, createAccountCode, createDeviceCode, fingerprintOf, readAccountCode, readDeviceCode } from './codes.ts'

const signerOf = (name: string) => createSigner(keyFromSeed(sha256(utf8(name))))
const laptop = signerOf('laptop')
const made = createPracticeFederation({
  random: createSeededRandom('codes'),
  nowMs: 1_750_000_000_000,
  requesterKey: signerOf('ann').publicKey,
  witnessAddresses: [1, 2, 3, 4].map((port) => [`/ip4/127.0.0.1/tcp/${port}`]),
})
if (!made.ok) throw new Error(made.error.message)
const { federation } = made.value
const codeOf = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }) => (result.ok ? null : result.error?.code)

describe('a device code', () => {
  const code = createDeviceCode(laptop, 'Laptop')

  it('carries the key, proof that its maker has it, and a name', () => {
    expect(readDeviceCode(`  ${code}\n`)).toEqual({ ok: true, value: { publicKey: laptop.publicKey, name: 'Laptop' } })
    expect(fingerprintOf(laptop.publicKey)).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/)
  })

  it.each([
    ['of a key its maker does not have', createDeviceCode({ ...laptop, publicKey: signerOf('mallory').publicKey }, 'Laptop'), 'invalid'],
    ['with a name that reads backwards', createDeviceCode(laptop, 'Lap\u202etop'), 'invalid'],
    ['without a name', createDeviceCode(laptop, ' '), 'invalid'],
    ['that lost its end', code.slice(0, -9), 'truncated'],
    ['with another character', `${code.slice(0, -9)}${code.at(-9) === 'A' ? 'B' : 'A'}${code.slice(-8)}`, 'damaged'],
    [
      'that is an account code',
      createAccountCode({ federation, firstKey: signerOf('ann').publicKey, deviceKey: laptop.publicKey, copyKey: laptop.publicKey }),
      'too-long',
    ],
    ['that is something else', 'hello', 'not-a-link'],
  ])('%s is refused', (_what, text, refusal) => {
    expect(codeOf(readDeviceCode(text))).toBe(refusal)
  })
})

describe('an account code', () => {
  const firstKey = signerOf('ann').publicKey
  const copyKey = sha256(utf8('copies'))
  const code = createAccountCode({ federation, firstKey, deviceKey: laptop.publicKey, copyKey })

  it('carries the federation, the keys that name the account and open its copies, and the device it answers', () => {
    expect(readAccountCode(code)).toEqual({ ok: true, value: { federation, firstKey, deviceKey: laptop.publicKey, copyKey } })
  })

  it.each([
    ['that answers the owner itself', createAccountCode({ federation, firstKey, deviceKey: firstKey, copyKey }), 'invalid'],
    ['that is a device code', createDeviceCode(laptop, 'Laptop'), 'not-a-link'],
    ['that is empty', accountCodePrefix, 'truncated'],
  ])('%s is refused', (_what, text, refusal) => {
    expect(codeOf(readAccountCode(text))).toBe(refusal)
  })
})

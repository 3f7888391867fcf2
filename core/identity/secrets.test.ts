import { expect, it } from 'vitest'
import { bytesOf, encodeBytes, integer, listUpTo, nullable, record, textUpTo } from '../platform/codec.ts'
import { createSeededRandom } from '../platform/random.ts'
import { createKeyTree } from './keys.ts'
import { accountKeysOf, decodeSecrets, encodeSecrets, newSecrets, type Secrets } from './secrets.ts'

const random = createSeededRandom('secrets')
const own = newSecrets(random)
const linked: Secrets = { ...newSecrets(random), linkedTo: { firstKey: random.bytes(32), copyKey: random.bytes(32), name: 'Laptop' } }

it('secrets come back as they were, on a computer with the phrase and on a linked one', () => {
  expect([own, linked].map((secrets) => decodeSecrets(encodeSecrets(secrets)))).toEqual([own, linked].map((value) => ({ ok: true, value })))
})

it('a key file from before computers could be linked is one with the phrase', () => {
  const { linkedTo: _linkedTo, ...earlier } = own
  const codec = record<typeof earlier>({
    accountEntropy: bytesOf(32),
    deviceIndex: integer(0, 0x7fff_ffff),
    nodeSeed: bytesOf(32),
    witness: nullable(record({ seed: bytesOf(32), memory: nullable(record({ dbId: bytesOf(32), generation: integer(0, 9) })) })),
    credentials: listUpTo(record({ ref: textUpTo(9), secret: textUpTo(9) }), 9),
  })
  expect(decodeSecrets(encodeBytes(codec, earlier))).toEqual({ ok: true, value: own })
  expect(decodeSecrets(new Uint8Array(9))).toMatchObject({ ok: false })
})

it('a linked computer signs with a key of its own for an account that another key names', () => {
  const keys = accountKeysOf(linked)
  expect(keys.firstKey).toEqual(linked.linkedTo?.firstKey)
  expect(keys.own.publicKey).toEqual(createKeyTree(linked.accountEntropy).deviceKey(linked.deviceIndex).publicKey)
  expect(accountKeysOf(own).firstKey).toEqual(accountKeysOf(own).own.publicKey)
})

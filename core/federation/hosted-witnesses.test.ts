import { expect, test } from 'vitest'
import { createKeyTree } from '../identity/keys.ts'
import { newSecrets } from '../identity/secrets.ts'
import { createSigner } from '../identity/signing.ts'
import { toHex } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { foundFederation } from './federation.ts'
import { hostedSeats, hostedWitnesses } from './hosted-witnesses.ts'
import { defaultLimits } from './limits.ts'
import { witnessOf } from './witness-card.ts'

const founder = newSecrets(createSeededRandom('founder'))
const addressOf = (index: number): string => `/ip4/127.0.0.1/tcp/${20_000 + index}`

const foundHosted = () => {
  const signer = createSigner(createKeyTree(founder.accountEntropy).accountKey(0))
  const founded = foundFederation(
    {
      name: 'Lab',
      kind: 'organisation',
      organisation: { customer: 'A customer' },
      witnesses: hostedWitnesses(founder.nodeSeed).map((witness, index) => witnessOf(witness, [addressOf(index)])),
      faults: 1,
      arbiters: [],
      supply: [{ firstKey: signer.publicKey, amountMicro: 1n }],
      feePpm: 0,
      createdAtMs: 1_750_000_000_000,
      limits: defaultLimits.organisation,
    },
    signer,
  )
  if (!founded.ok) throw new Error(founded.error.message)
  return founded.value
}

test('a founder finds its four witnesses again from its own node seed, each in its seat', () => {
  const seats = hostedSeats(foundHosted(), founder.nodeSeed)
  expect(seats.map(({ seat }) => seat.addresses)).toEqual([0, 1, 2, 3].map((index) => [addressOf(index)]))
  expect(seats.map(({ secrets }) => secrets)).toEqual(hostedWitnesses(founder.nodeSeed))
})

test('every key of them is another one, and none is the founder’s', () => {
  const keys = [founder, ...hostedWitnesses(founder.nodeSeed)].flatMap(({ accountEntropy, nodeSeed, witness }) =>
    [accountEntropy, nodeSeed, ...(witness === null ? [] : [witness.seed])].map(toHex),
  )
  expect([keys.length, new Set(keys).size]).toEqual([14, 14])
})

test('the same account restored elsewhere hosts none of them, so that no witness can vote twice', () => {
  const restored = newSecrets(createSeededRandom('elsewhere'), founder.accountEntropy)
  expect(hostedSeats(foundHosted(), restored.nodeSeed)).toEqual([])
})

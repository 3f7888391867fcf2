import { expect, test } from 'vitest'
import { createSeededRandom } from '../platform/random.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { encodeDecree, txHash } from '../settlement/encoding.ts'
import { epochTx } from '../settlement/federation-chain.ts'
import type { Decree } from '../settlement/objects.ts'
import { authorise, signStatement } from '../settlement/signatures.ts'
import { openMemoryDatabase } from '../storage/testing/memory-database.ts'
import { openEpochBook } from './epoch-store.ts'
import { createPracticeFederation } from './practice.ts'

test('epochs are remembered over a restart, and only what q witnesses decided is one', () => {
  const random = createSeededRandom('epochs')
  const requesterKey = keyFromSeed(new Uint8Array(32).fill(1)).publicKey
  const made = createPracticeFederation({ random, nowMs: 1_750_000_000_000, requesterKey, witnessAddresses: [[], [], [], []] })
  if (!made.ok) throw new Error(made.error.message)
  const { federation, witnesses } = made.value
  const signers = witnesses.flatMap(({ witness }) => (witness === null ? [] : [createSigner(keyFromSeed(witness.seed))]))
  const db = openMemoryDatabase()
  const book = openEpochBook(db, federation)
  const { witnesses: seats, faults, arbiters } = federation.genesis
  const tx = epochTx(book.head(), { witnesses: seats.toReversed(), faults, arbiters, startsAtMs: 1_750_000_100_000 })
  const statement = { governance: tx.governance, objectId: tx.objectId, step: tx.step, view: 0, kind: 'F', txHash: txHash(tx) } as const
  const decided = (count: number): Decree => ({
    tx,
    authorisations: signers.slice(0, 3).map((signer) => authorise(tx, 'member', signer)),
    certificate: {
      statement,
      signatures: signers.slice(0, count).map((signer, witnessIndex) => {
        return { witnessIndex, signature: signStatement(statement, witnessIndex, signer).signature }
      }),
    },
  })
  expect([book.take(decided(2)), book.take(decided(3)), book.take(decided(3))]).toEqual(['bad-certificate', null, null])
  const again = openEpochBook(db, federation)
  expect(again.newest().committee.epoch).toBe(1)
  expect(again.chain().map(encodeDecree)).toEqual([encodeDecree(decided(3))])
})

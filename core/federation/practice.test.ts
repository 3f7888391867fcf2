import { describe, expect, it } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createKeyTree } from '../identity/keys.ts'
import { peerIdOfSeed } from '../identity/peer-id.ts'
import { createSeededRandom } from '../platform/random.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import { seedKeyOf } from '../settlement/seed-share.ts'
import { creditsOfFederation, committeeOf } from './federation.ts'
import { createPracticeFederation } from './practice.ts'

const requesterKey = keyFromSeed(new Uint8Array(32).fill(1)).publicKey
const practice = (witnessAddresses: readonly (readonly string[])[], more: { readonly customer?: string } = {}) => {
  const made = createPracticeFederation({
    random: createSeededRandom('practice'),
    nowMs: 1_750_000_000_000,
    requesterKey,
    witnessAddresses,
    ...more,
  })
  if (!made.ok) throw new Error(made.error.message)
  return made.value
}

describe('a practice federation', () => {
  it('names in its document exactly the nodes it gives secrets for', () => {
    const { federation, witnesses, providers, treasury } = practice([['/ip4/127.0.0.1/tcp/4001'], [], [], []])
    expect(federation.genesis.witnesses).toEqual(
      witnesses.map(({ witness, nodeSeed }, index) => ({
        publicKey: keyFromSeed(witness?.seed ?? new Uint8Array(32)).publicKey,
        peerId: peerIdOfSeed(nodeSeed),
        addresses: index === 0 ? ['/ip4/127.0.0.1/tcp/4001'] : [],
        seedKey: seedKeyOf(witness?.seed ?? new Uint8Array(32), keyFromSeed(witness?.seed ?? new Uint8Array(32)).publicKey).publicKey,
      })),
    )
    const firstKeys = [treasury, ...providers].map(({ accountEntropy }) => createKeyTree(accountEntropy).accountKey(0).publicKey)
    expect(federation.genesis.supply.map(({ firstKey }) => firstKey)).toEqual([firstKeys[0], requesterKey, ...firstKeys.slice(1)])
  })

  it('has a million RUV and no more', () => {
    const credits = creditsOfFederation(practice([[], [], [], []]).federation)
    expect(credits.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)).toBe(1_000_000_000_000n)
  })

  it('has three arbiters, who are the members behind its witnesses', () => {
    const { federation, witnesses } = practice([[], [], [], []])
    const keys = witnesses.slice(0, 3).map(({ accountEntropy }) => createKeyTree(accountEntropy).accountKey(0).publicKey)
    const birth = { federationId: federation.id, epoch: 0 }
    expect(committeeOf(federation).arbiters.map(({ publicKey, account }) => [publicKey, account])).toEqual(
      keys.map((publicKey) => [publicKey, accountIdOf(birth, publicKey)]),
    )
  })

  it('may be one process with one witness', () => {
    expect(practice([[]]).federation.genesis).toMatchObject({ faults: 0, kind: 'practice' })
  })

  it('is an organisation’s when a customer is named', () => {
    const addresses = ['/ip4/127.0.0.1/tcp/4001']
    const { genesis } = practice([addresses, addresses, addresses, addresses], { customer: 'Example Ltd' }).federation
    expect(genesis).toMatchObject({ kind: 'organisation', organisation: { customer: 'Example Ltd' } })
  })

  it('is refused with a number of witnesses that tolerates no whole number of faults', () => {
    expect(() => practice([[], []])).toThrow('witnesses must be')
  })
})

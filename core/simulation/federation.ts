import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner, type Signer } from '../identity/signing.ts'
import { sha256, utf8 } from '../platform/bytes.ts'
import { genesisCredits } from '../settlement/account.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import type { AccountId, Committee, Credit, Governance } from '../settlement/objects.ts'
import { firstEpoch, type Epochs } from '../settlement/epochs.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { seedKeyOf, type SeedKey } from '../settlement/seed-share.ts'

export type Party = { readonly peerId: string; readonly signer: Signer; readonly account: AccountId }

/** The facts that everybody in a run agrees on. */
export type SimulatedFederation = {
  readonly governance: Governance
  readonly committee: Committee
  readonly epochs: Epochs
  readonly rules: SettlementRules
  readonly genesis: readonly Credit[]
  readonly witnessSigners: readonly Signer[]
  readonly seedKeys: readonly SeedKey[]
  readonly arbiterSigners: readonly Signer[]
  /** Of the first party's second computer. */
  readonly deviceSigner: Signer
  /** Honest ones first. */
  readonly parties: readonly Party[]
}

/** Λ as in an open federation; the rest is short, so that a run sees every deadline pass. */
const limits: SettlementRules['limits'] = {
  maxClockSkewMs: 5_000,
  minReviewMs: 5_000,
  maxReviewMs: 600_000,
  maxWorkMs: 600_000,
  minRuleMs: 5_000,
  maxRuleMs: 600_000,
  seatAnyAfterMs: 5_000,
  giftPerDayMicro: null,
  epochNoticeMs: 60_000,
}
const startingMicro = 1_000_000n
const arbiterNames = ['arbiter 0', 'arbiter 1', 'arbiter 2', 'arbiter 3', 'arbiter 4'] as const

const signerOf = (name: string): Signer => createSigner(keyFromSeed(sha256(utf8(name))))

/** Keys are the same in every run; the id is not, so accounts and leaders differ from seed to seed. */
export const createFederation = (seed: number, size: number, partyCount: number): SimulatedFederation => {
  const federationId = sha256(utf8(`federation of seed ${seed}`))
  const governance: Governance = { federationId, epoch: 0 }
  const witnessSigners = Array.from({ length: size }, (_, index) => signerOf(`witness ${index}`))
  const parties = Array.from({ length: partyCount }, (_, index) => {
    const signer = signerOf(`party ${index}`)
    return { peerId: `party-${index}`, signer, account: accountIdOf(governance, signer.publicKey) }
  })
  const seedKeys = witnessSigners.map(({ publicKey }, index) => seedKeyOf(sha256(utf8(`witness ${index}`)), publicKey))
  const arbiterSigners = arbiterNames.map(signerOf)
  const arbiters = arbiterSigners.map(({ publicKey }, place) => {
    return { name: `arbiter ${place}`, publicKey, account: accountIdOf(governance, publicKey), weight: 1, operator: '' }
  })
  const committee: Committee = {
    ...governance,
    faults: Math.floor((size - 1) / 3),
    arbiters,
    witnesses: witnessSigners.map(({ publicKey }, index) => {
      return { publicKey, peerId: `witness-${index}`, addresses: [], seedKey: seedKeys[index]?.publicKey ?? publicKey }
    }),
  }
  const epochs = firstEpoch(committee)
  return {
    governance,
    witnessSigners,
    seedKeys,
    arbiterSigners,
    deviceSigner: signerOf('device of party 0'),
    parties,
    rules: { federationId, limits, epochs },
    committee,
    epochs,
    genesis: genesisCredits(
      governance,
      parties.map(({ signer }) => ({ firstKey: signer.publicKey, amountMicro: startingMicro })),
    ),
  }
}

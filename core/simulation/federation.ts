import { keyFromSeed } from '../identity/ed25519.ts'
import { peerIdOf } from '../identity/peer-id.ts'
import { createSigner, type Signer } from '../identity/signing.ts'
import { equalBytes, sha256, utf8 } from '../platform/bytes.ts'
import { genesisCredits } from '../settlement/account.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import { createEpochBook, type EpochBook } from '../settlement/epoch-book.ts'
import { foundedState } from '../settlement/federation-chain.ts'
import type { AccountId, Bytes32, Committee, Credit, Decree, Governance, Witness } from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import { seedKeyOf, type SeedKey } from '../settlement/seed-share.ts'

export type Party = { readonly peerId: string; readonly signer: Signer; readonly account: AccountId }

/** The facts that everybody in a run agrees on. */
export type SimulatedFederation = {
  readonly governance: Governance
  /** The first one. */
  readonly committee: Committee
  /** What somebody knows who hears of every committee at once. */
  readonly epochs: EpochBook
  /** Knows of the first committee and of what was learnt, which grows with it like a file that outlives its process. */
  readonly openBook: (learnt: Decree[]) => EpochBook
  /** All that ever have a seat; the first committee are the first of them. */
  readonly seats: readonly Witness[]
  readonly membersOf: (epoch: number) => Members | null
  /** Peer ids are for machines; plans and traces say `witness-3`. */
  readonly nameOf: (peerId: string) => string
  readonly peerIdOf: (name: string) => string
  readonly rules: SettlementRules
  readonly genesis: readonly Credit[]
  readonly witnessSigners: readonly Signer[]
  readonly seedKeys: readonly SeedKey[]
  readonly arbiterSigners: readonly Signer[]
  /** Of the first party's second computer. */
  readonly deviceSigner: Signer
  /** Of a computer of its thief's. */
  readonly thiefSigner: Signer
  /** Honest ones first. */
  readonly parties: readonly Party[]
  /** The key that an account is named after; null when neither a party nor an arbiter has it. */
  readonly ownerKeyOf: (account: AccountId) => Bytes32 | null
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
  epochNoticeMs: 4_000,
}
const startingMicro = 1_000_000n
/** More than any panel, so that a lot decides. The last one is the first party, which shares its operator with the one before. */
const arbiterNames = Array.from({ length: 9 }, (_, place) => `arbiter ${place}`)
const weightAt = (place: number): number => 1 + (place % 3)

const signerOf = (name: string): Signer => createSigner(keyFromSeed(sha256(utf8(name))))

/** A committee, and which processes sit in it, by seat. */
export type Members = { readonly committee: Committee; readonly witnesses: readonly number[] }

export type FederationSizes = { readonly size: number; readonly newcomers: number; readonly parties: number }

/** Keys are the same in every run; the id is not, so accounts and leaders differ from seed to seed. */
export const createFederation = (seed: number, { size, newcomers, parties: partyCount }: FederationSizes): SimulatedFederation => {
  const federationId = sha256(utf8(`federation of seed ${seed}`))
  const governance: Governance = { federationId, epoch: 0 }
  const witnessSigners = Array.from({ length: size + newcomers }, (_, index) => signerOf(`witness ${index}`))
  const parties = Array.from({ length: partyCount }, (_, index) => {
    const signer = signerOf(`party ${index}`)
    return { peerId: `party-${index}`, signer, account: accountIdOf(governance, signer.publicKey) }
  })
  const seedKeys = witnessSigners.map(({ publicKey }, index) => seedKeyOf(sha256(utf8(`witness ${index}`)), publicKey))
  const arbiterSigners = [...arbiterNames.slice(1).map(signerOf), signerOf('party 0')]
  const arbiters = arbiterSigners.map(({ publicKey }, place) => {
    const operator = place >= arbiterSigners.length - 2 ? 'guild' : ''
    return { name: `arbiter ${place}`, publicKey, account: accountIdOf(governance, publicKey), weight: weightAt(place), operator }
  })
  const seats = witnessSigners.map(({ publicKey }, index): Witness => {
    return {
      publicKey,
      peerId: peerIdOf(sha256(utf8(`node of witness ${index}`))),
      addresses: [],
      seedKey: seedKeys[index]?.publicKey ?? publicKey,
    }
  })
  const names = new Map(seats.map(({ peerId }, index) => [peerId, `witness-${index}`]))
  const peerIdByName = new Map([...names].map(([peerId, name]) => [name, peerId]))
  const committee: Committee = {
    ...governance,
    faults: Math.floor((size - 1) / 3),
    arbiters,
    witnesses: seats.slice(0, size),
  }
  const openBook = (learnt: Decree[]): EpochBook => {
    const book = createEpochBook(foundedState(committee, 0), limits)
    for (const decree of learnt) book.take(decree)
    book.onTaken((decree) => void learnt.push(decree))
    return book
  }
  const epochs = openBook([])
  return {
    governance,
    witnessSigners,
    seedKeys,
    arbiterSigners,
    deviceSigner: signerOf('device of party 0'),
    thiefSigner: signerOf('thief'),
    parties,
    ownerKeyOf: (account) => {
      const party = parties.find((one) => equalBytes(one.account, account))
      return party?.signer.publicKey ?? arbiters.find((one) => equalBytes(one.account, account))?.publicKey ?? null
    },
    rules: { federationId, limits, epochs },
    committee,
    epochs,
    openBook,
    seats,
    nameOf: (peerId) => names.get(peerId) ?? peerId,
    peerIdOf: (name) => peerIdByName.get(name) ?? name,
    membersOf: (epoch) => {
      const found = epochs.get(epoch)?.committee ?? null
      const witnessOf = (key: Bytes32): number => seats.findIndex(({ publicKey }) => equalBytes(publicKey, key))
      return found === null ? null : { committee: found, witnesses: found.witnesses.map(({ publicKey }) => witnessOf(publicKey)) }
    },
    genesis: genesisCredits(
      governance,
      parties.map(({ signer }) => ({ firstKey: signer.publicKey, amountMicro: startingMicro })),
    ),
  }
}

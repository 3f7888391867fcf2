import fc from 'fast-check'
import { decodeProposals, encodeProposals } from '../committee/wire.ts'
import { decodeProof as decodeFact, factAnswers, factQueries } from '../facts/wire.ts'
import { decodeFederation, encodeFederation } from '../federation/federation.ts'
import { parseGenesisFile, renderGenesisFile } from '../federation/genesis-file.ts'
import { createInviteLink, parseInviteLink } from '../federation/invite.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { parseWitnessCard } from '../federation/witness-card.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { parsePhrase } from '../identity/phrase.ts'
import { decodeSecrets, encodeSecrets, newSecrets, withNewWitness } from '../identity/secrets.ts'
import { parseVault, renderVault } from '../identity/vault-file.ts'
import { decodeRequestFrame, encodeRequestFrame } from '../network/request-frame.ts'
import { marketAnswers, marketMessages, offerGossips, syncIds, syncPages, syncQueries } from '../orders/wire.ts'
import { assert } from '../platform/assert.ts'
import { utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { checkProof } from '../proofs/check.ts'
import { firstLine, renderRecord } from '../proofs/file.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from '../settlement/bundle.ts'
import { decodeAuthorisedTx, decodeDecree, decodeTx, encodeAuthorisedTx, encodeDecree, encodeTx } from '../settlement/encoding.ts'
import { anyDecree, anyOrder, anyProposal, anyTx, anyVote } from '../settlement/testing/arbitraries.ts'
import { decodeClientFrame, decodeProviderFrame, encodeClientFrame } from '../tasks/wire.ts'
import { decodeProof, encodeProof } from '../wallet/proof.ts'

/** A reader of hostile bytes, and some bytes that it likes. */
export type Subject = {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  /** Whatever it gives back for these bytes. */
  readonly read: (bytes: Uint8Array) => unknown
  /** For what has one encoding only: the bytes of a value that was read. */
  readonly write?: (value: never) => Uint8Array
}

const samplesOf = <T>(arbitrary: fc.Arbitrary<T>, seed: number): readonly T[] => fc.sample(arbitrary, { numRuns: 24, seed })

/** Readers of text get what a file or a clipboard would make of the bytes. */
const text =
  (read: (text: string) => unknown) =>
  (bytes: Uint8Array): unknown =>
    read(Buffer.from(bytes).toString('utf8'))

const settlementSubjects = (seed: number): readonly Subject[] => {
  const orders = samplesOf(anyOrder, seed)
  const decrees = samplesOf(anyDecree, seed)
  const [votes, proposals] = [samplesOf(anyVote, seed), samplesOf(anyProposal, seed)]
  const requests = orders.map((order, at) =>
    encodeRequest({
      kind: 'exchange',
      register: { governance: order.tx.governance, objectId: order.tx.objectId, step: order.tx.step },
      orders: [order],
      votes: votes.slice(at, at + 3),
      proposals: proposals.slice(at, at + 1),
      carried: [],
      wantSkip: at % 2 === 0,
      decrees: decrees.slice(at, at + 1),
    }),
  )
  const answers = decrees.map((decree, at) =>
    at % 2 === 0
      ? encodeAnswer({ kind: 'decided', decree })
      : encodeAnswer({
          kind: 'open',
          orders: orders.slice(at, at + 1),
          votes: votes.slice(at, at + 3),
          proposals: [],
          carried: [],
          refusal: null,
          headStep: at,
        }),
  )
  return [
    { name: 'settlement question', samples: requests, read: decodeRequest, write: encodeRequest },
    { name: 'settlement answer', samples: answers, read: decodeAnswer, write: encodeAnswer },
    { name: 'transaction', samples: samplesOf(anyTx, seed).map(encodeTx), read: decodeTx, write: encodeTx },
    { name: 'order', samples: orders.map(encodeAuthorisedTx), read: decodeAuthorisedTx, write: encodeAuthorisedTx },
    { name: 'decree with its certificate', samples: decrees.map(encodeDecree), read: decodeDecree, write: encodeDecree },
    { name: 'proof of a payment', samples: [encodeProof(decrees.slice(0, 3)), encodeProof([])], read: decodeProof, write: encodeProof },
    { name: 'proof of a trade', samples: decrees.map(encodeDecree), read: decodeFact },
    { name: 'question about trades', samples: [factQueries.encode({ kind: 'days' })], read: factQueries.decode },
    { name: 'answer about trades', samples: [], read: factAnswers.decode },
  ]
}

const marketSubjects = (): readonly Subject[] => {
  const order = new Uint8Array(64)
  return [
    { name: 'market message', samples: [marketMessages.encode({ kind: 'decree', decree: order })], read: marketMessages.decode },
    { name: 'market answer', samples: [marketAnswers.encode({ kind: 'taken' })], read: marketAnswers.decode },
    { name: 'offer gossip', samples: [offerGossips.encode({ kind: 'offer', offer: order })], read: offerGossips.decode },
    { name: 'sync query', samples: [], read: syncQueries.decode },
    { name: 'sync ids', samples: [syncIds.encode({ open: order, ended: order })], read: syncIds.decode },
    { name: 'sync page', samples: [syncPages.encode({ envelopes: [order], left: 0 })], read: syncPages.decode },
    {
      name: 'task frame of a client',
      samples: [encodeClientFrame({ kind: 'cancel' }), encodeClientFrame({ kind: 'acknowledge', nextCounter: 3, settledDecree: order })],
      read: decodeClientFrame,
    },
    { name: 'task frame of a provider', samples: [], read: decodeProviderFrame },
    {
      name: 'request frame',
      samples: [encodeRequestFrame('request', 7, order), encodeRequestFrame('refused', 1)],
      read: decodeRequestFrame,
    },
  ]
}

/** Genesis documents, invites, key files and phrases: what people carry from one computer to another. */
const carriedSubjects = (seed: number): readonly Subject[] => {
  const random = createSeededRandom(`fuzz ${seed}`)
  const secrets = withNewWitness(newSecrets(random), random)
  const made = createPracticeFederation({
    random,
    nowMs: 1_750_000_000_000,
    requesterKey: keyFromSeed(random.bytes(32)).publicKey,
    witnessAddresses: [[], [], [], []],
  })
  assert(made.ok, 'a practice federation can be founded')
  const { federation } = made.value
  const invite = { federation, seed: random.bytes(32), amountMicro: 5n, sponsor: random.bytes(32), expiresAtMs: 1_800_000_000_000 }
  const reading = { nowMs: 1_760_000_000_000, currentFederationId: null }
  const subject = { kind: 'account', id: random.bytes(32) } as const
  const records = [{ word: 'subject', subject } as const, { word: 'genesis', bytes: encodeFederation(federation) } as const]
  const proof = [firstLine, ...records.map(renderRecord), 'end 3', ''].join('\n')
  const vault = renderVault({ header: { kind: 'os', wrappedKey: 'AAAA' }, nonce: random.bytes(12), sealed: random.bytes(300) })
  return [
    { name: 'genesis document', samples: [encodeFederation(federation)], read: decodeFederation, write: encodeFederation },
    { name: 'genesis file', samples: [utf8(renderGenesisFile(federation))], read: text(parseGenesisFile) },
    { name: 'invite link', samples: [utf8(createInviteLink(invite))], read: text((link) => parseInviteLink(link, reading)) },
    { name: 'witness card', samples: [], read: text(parseWitnessCard) },
    { name: 'secrets of a key file', samples: [encodeSecrets(secrets)], read: decodeSecrets, write: encodeSecrets },
    { name: 'key file', samples: [vault], read: parseVault },
    { name: 'proof for strangers', samples: [utf8(proof)], read: text((file) => checkProof(file)) },
    { name: 'proposed committees', samples: [], read: decodeProposals, write: encodeProposals },
    { name: 'recovery phrase', samples: [utf8('abandon '.repeat(24))], read: text(parsePhrase) },
  ]
}

export const subjects = (seed: number): readonly Subject[] => [...settlementSubjects(seed), ...marketSubjects(), ...carriedSubjects(seed)]

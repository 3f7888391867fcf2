import fc from 'fast-check'
import { decodeProposals, encodeProposals } from '../committee/wire.ts'
import { entryLine, firstLine as firstAuditLine, lastLine, parseAuditLine } from '../audit/export.ts'
import { auditKinds, signMark } from '../audit/model.ts'
import { emptyContent, signCopy } from '../copies/model.ts'
import { packContent, unpackContent } from '../copies/packing.ts'
import { decodeCopyAnswer, decodeCopyRequest, encodeCopyAnswer, encodeCopyRequest, fetchRequest } from '../copies/wire.ts'
import { createAccountCode, createDeviceCode, readAccountCode, readDeviceCode } from '../devices/codes.ts'
import { decodeExhibit, decodeSealed, encodeExhibit, encodeSealed, signBox, signSealed } from '../disputes/model.ts'
import { decodeCourtAnswer, decodeCourtRequest, encodeCourtAnswer, encodeCourtRequest } from '../disputes/wire.ts'
import { decodeProof as decodeFact, encodeProof as encodeFact, factAnswers, factQueries } from '../facts/wire.ts'
import { decodeFederation, encodeFederation } from '../federation/federation.ts'
import { parseGenesisFile, renderGenesisFile } from '../federation/genesis-file.ts'
import { createInviteLink, parseInviteLink } from '../federation/invite.ts'
import { createPracticeFederation } from '../federation/practice.ts'
import { parseWitnessCard, witnessCardOf } from '../federation/witness-card.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { parsePhrase, phraseOfEntropy } from '../identity/phrase.ts'
import { decodeSecrets, encodeSecrets, newSecrets, withNewWitness } from '../identity/secrets.ts'
import { createSigner } from '../identity/signing.ts'
import { parseVault, renderVault } from '../identity/vault-file.ts'
import { decodeRequestFrame, encodeRequestFrame } from '../network/request-frame.ts'
import { digestBytes } from '../orders/digests.ts'
import { marketAnswers, marketMessages, offerGossips, syncIds, syncPages, syncQueries } from '../orders/wire.ts'
import { assert } from '../platform/assert.ts'
import { utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { checkProof } from '../proofs/check.ts'
import { createStory, proofText } from '../proofs/testing/notary.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from '../settlement/bundle.ts'
import { decodeEvidence, encodeEvidence } from '../settlement/evidence.ts'
import { decodeAuthorisedTx, decodeDecree, decodeTx, encodeAuthorisedTx, encodeDecree, encodeTx } from '../settlement/encoding.ts'
import { anyDecree, anyOrder, anyProposal, anyTx, anyVote } from '../settlement/testing/arbitraries.ts'
import { decodeClientFrame, decodeProviderFrame, encodeClientFrame, encodeProviderFrame } from '../tasks/wire.ts'
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
  const hash = new Uint8Array(32).fill(7)
  const note = { escrowId: hash, fault: 'network', clientKey: hash, signature: new Uint8Array(64) } as const
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
    {
      name: 'proof of a trade',
      samples: [encodeFact({ kind: 'settlement', decrees: decrees.slice(0, 3) }), encodeFact({ kind: 'note', signed: note })],
      read: decodeFact,
      write: encodeFact,
    },
    { name: 'question about trades', samples: [factQueries.encode({ kind: 'days' })], read: factQueries.decode },
    {
      name: 'answer about trades',
      samples: [
        factAnswers.encode({ kind: 'days', days: [{ day: 20_000, digest: hash }] }),
        factAnswers.encode({ kind: 'ids', ids: [hash] }),
      ],
      read: factAnswers.decode,
      write: factAnswers.encode,
    },
    {
      name: 'evidence',
      samples: votes.slice(1).map((second, at) => encodeEvidence({ kind: 'votes', first: votes[at] ?? second, second })),
      read: decodeEvidence,
    },
  ]
}

const marketSubjects = (): readonly Subject[] => {
  const order = new Uint8Array(64)
  return [
    { name: 'market message', samples: [marketMessages.encode({ kind: 'decree', decree: order })], read: marketMessages.decode },
    { name: 'market answer', samples: [marketAnswers.encode({ kind: 'taken' })], read: marketAnswers.decode },
    { name: 'offer gossip', samples: [offerGossips.encode({ kind: 'offer', offer: order })], read: offerGossips.decode },
    {
      name: 'sync query',
      samples: [
        syncQueries.encode({ kind: 'fetch', side: 0, ids: order }),
        syncQueries.encode({ kind: 'compare', side: 1, digests: new Uint8Array(digestBytes) }),
      ],
      read: syncQueries.decode,
    },
    { name: 'sync ids', samples: [syncIds.encode({ open: order, ended: order })], read: syncIds.decode },
    { name: 'sync page', samples: [syncPages.encode({ envelopes: [order], left: 0 })], read: syncPages.decode },
    {
      name: 'task frame of a client',
      samples: [encodeClientFrame({ kind: 'cancel' }), encodeClientFrame({ kind: 'acknowledge', nextCounter: 3, settledDecree: order })],
      read: decodeClientFrame,
    },
    {
      name: 'task frame of a provider',
      samples: [
        encodeProviderFrame({ kind: 'chunk', counter: 3, final: false, ciphertext: order }),
        encodeProviderFrame({ kind: 'failed', fault: 'provider', sentence: 'The model gave nothing back.' }),
      ],
      read: decodeProviderFrame,
    },
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
  const { alice } = createStory()
  const proof = proofText(alice.sources, { kind: 'account', id: alice.id })
  const card = `${witnessCardOf({ nodeSeed: random.bytes(32), witness: secrets.witness })},/ip4/127.0.0.1/tcp/1`
  const phrase = phraseOfEntropy(random.bytes(32)).join(' ')
  const vault = renderVault({ header: { kind: 'os', wrappedKey: 'AAAA' }, nonce: random.bytes(12), sealed: random.bytes(300) })
  return [
    { name: 'genesis document', samples: [encodeFederation(federation)], read: decodeFederation, write: encodeFederation },
    { name: 'genesis file', samples: [utf8(renderGenesisFile(federation))], read: text(parseGenesisFile) },
    { name: 'invite link', samples: [utf8(createInviteLink(invite))], read: text((link) => parseInviteLink(link, reading)) },
    { name: 'witness card', samples: [utf8(card)], read: text(parseWitnessCard) },
    { name: 'secrets of a key file', samples: [encodeSecrets(secrets)], read: decodeSecrets, write: encodeSecrets },
    { name: 'key file', samples: [vault], read: parseVault },
    { name: 'proof for strangers', samples: [utf8(proof)], read: text((file) => checkProof(file)) },
    { name: 'proposed committees', samples: [encodeProposals([])], read: decodeProposals, write: encodeProposals },
    { name: 'recovery phrase', samples: [utf8(phrase)], read: text(parsePhrase) },
  ]
}

/** What parties and arbiters leave with the witnesses, and what links and brings back a member's computers. */
const keptSubjects = (seed: number): readonly Subject[] => {
  const random = createSeededRandom(`fuzz kept ${seed}`)
  const signer = createSigner(keyFromSeed(random.bytes(32)))
  const [federationId, hash, boxKey] = [random.bytes(32), random.bytes(32), random.bytes(32)]
  const box = signBox(signer, federationId, boxKey, 1_760_000_000_000)
  const letter = { arbiter: signer.publicKey, boxKey, enc: hash, sealedKey: random.bytes(48) }
  const sealed = signSealed(
    { escrowId: hash, role: 'client', madeAtMs: 1_760_000_000_000, ciphertext: random.bytes(90), keys: [letter] },
    signer,
    federationId,
  )
  const exhibit = encodeExhibit({ statement: 'It is empty.', salt: hash, task: null, answer: 'No.', chunks: null, receipt: null })
  const chain = samplesOf(anyDecree, seed).slice(0, 2)
  const copy = signCopy(
    { account: hash, slot: random.bytes(16), version: 3, enc: hash, ciphertext: random.bytes(200) },
    signer,
    federationId,
  )
  const mark = signMark(signer, federationId, { place: 'start', seq: 0, hash, atMs: 1_760_000_000_000 })
  const entry = {
    seq: 1,
    atMs: 1_760_000_000_000,
    kind: auditKinds[0],
    outcome: 'allow',
    rule: 'rule-1',
    member: hash,
    reference: null,
    times: 1,
    hash,
  }
  const auditLines = [
    firstAuditLine({ federationId, publicKey: signer.publicKey }, mark),
    entryLine(entry),
    lastLine({ ...mark, place: 'end' }),
  ]
  const accountCode = createAccountCode({ federation: createStory().notary.federation, firstKey: hash, deviceKey: boxKey, copyKey: hash })
  return [
    {
      name: 'court question',
      samples: [encodeCourtRequest({ kind: 'put-box', box }), encodeCourtRequest({ kind: 'put-exhibit', exhibit: sealed })],
      read: decodeCourtRequest,
      write: encodeCourtRequest,
    },
    {
      name: 'court answer',
      samples: [
        encodeCourtAnswer({ kind: 'boxes', boxes: [box] }),
        encodeCourtAnswer({ kind: 'case', chain, exhibits: [sealed], ruling: null }),
      ],
      read: decodeCourtAnswer,
      write: encodeCourtAnswer,
    },
    { name: 'exhibit', samples: [exhibit], read: decodeExhibit },
    { name: 'sealed exhibit', samples: [encodeSealed(sealed)], read: decodeSealed, write: encodeSealed },
    {
      name: 'copies question',
      samples: [encodeCopyRequest({ kind: 'put', copy }), encodeCopyRequest(fetchRequest(hash, 1_760_000_000_000, signer, federationId))],
      read: decodeCopyRequest,
      write: encodeCopyRequest,
    },
    {
      name: 'copies answer',
      samples: [encodeCopyAnswer({ kind: 'copies', copies: [copy] })],
      read: decodeCopyAnswer,
      write: encodeCopyAnswer,
    },
    { name: 'content of a copy', samples: [packContent(emptyContent)], read: unpackContent },
    { name: 'device code', samples: [utf8(createDeviceCode(signer, 'attic'))], read: text(readDeviceCode) },
    { name: 'account code', samples: [utf8(accountCode)], read: text(readAccountCode) },
    { name: 'line of an audit log', samples: auditLines.map(utf8), read: text(parseAuditLine) },
  ]
}

export const subjects = (seed: number): readonly Subject[] => [
  ...settlementSubjects(seed),
  ...marketSubjects(),
  ...carriedSubjects(seed),
  ...keptSubjects(seed),
]

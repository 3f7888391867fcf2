import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { entryLine, firstLine as firstAuditLine, lastLine, parseAuditLine } from '../audit/export.ts'
import { auditKinds, signMark } from '../audit/model.ts'
import { unbilled } from '../compliance/caps.ts'
import { decodeConsentBody, encodeConsentBody, type Consent } from '../compliance/consent.ts'
import { signCopy, type Content } from '../copies/model.ts'
import { packContent, unpackContent } from '../copies/packing.ts'
import {
  decodeCopyAnswer,
  decodeCopyRequest,
  decodeKept,
  encodeCopyAnswer,
  encodeCopyRequest,
  encodeKept,
  fetchRequest,
  type CopyAnswer,
} from '../copies/wire.ts'
import { decodeExhibit, decodeSealed, encodeExhibit, encodeSealed, signBox, signChoice, signSealed } from '../disputes/model.ts'
import {
  boxBytes,
  choiceBytes,
  decodeBox,
  decodeChain,
  decodeChoice,
  decodeCourtAnswer,
  decodeCourtRequest,
  encodeChain,
  encodeCourtAnswer,
  encodeCourtRequest,
  type CourtAnswer,
  type CourtRequest,
} from '../disputes/wire.ts'
import { keyFromSeed } from '../identity/ed25519.ts'
import { createSigner } from '../identity/signing.ts'
import { assert } from '../platform/assert.ts'
import { utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { anyDecree } from '../settlement/testing/arbitraries.ts'
import { ofEveryKind, samplesOf, text, type Subject } from './fuzz-subject.ts'
import { receipt } from './fuzz-transactions.ts'

/** What parties and arbiters leave with the witnesses, what a member signs for itself, and what brings its computers back. */
export const keptSubjects = (seed: number): readonly Subject[] => {
  const random = createSeededRandom(`fuzz kept ${seed}`)
  const signer = createSigner(keyFromSeed(random.bytes(32)))
  const [federationId, hash, boxKey] = [random.bytes(32), random.bytes(32), random.bytes(32)]
  const box = signBox(signer, federationId, boxKey, 1_760_000_000_000)
  const choice = signChoice(signer, federationId, hash, 'half')
  const letter = { arbiter: signer.publicKey, boxKey, enc: hash, sealedKey: random.bytes(48) }
  const sealed = signSealed(
    { escrowId: hash, role: 'client', madeAtMs: 1_760_000_000_000, ciphertext: random.bytes(90), keys: [letter] },
    signer,
    federationId,
  )
  const said = { statement: 'It is empty.', salt: hash }
  const exhibits = [
    encodeExhibit({ ...said, task: null, answer: 'No.', chunks: null, receipt: null }),
    encodeExhibit({
      ...said,
      task: { salt: hash, prompt: 'Is it full?' },
      answer: null,
      chunks: { streamId: random.bytes(16), chunks: [{ counter: 0, final: true, ciphertext: random.bytes(40) }] },
      receipt,
    }),
  ]
  const chain = samplesOf(anyDecree, seed).slice(0, 2)
  const [decree] = chain
  assert(decree !== undefined, 'samples were drawn')
  const content = contentOf(hash, random.bytes(16))
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
  return [
    {
      name: 'court question',
      samples: ofEveryKind<CourtRequest>({
        announce: { chain },
        'put-box': { box },
        'put-exhibit': { exhibit: sealed },
        'put-choice': { choice },
        'put-ruling': { order: { tx: decree.tx, authorisations: decree.authorisations } },
        'fetch-boxes': { arbiters: [hash, boxKey] },
        'fetch-cases': { arbiter: hash, after: hash },
        'fetch-case': { escrowId: hash },
        'fetch-own-ruling': { question: { escrowId: hash, arbiter: hash, signature: new Uint8Array(64) } },
      }).map(encodeCourtRequest),
      read: decodeCourtRequest,
      write: encodeCourtRequest,
    },
    {
      name: 'court answer',
      samples: ofEveryKind<CourtAnswer>({
        taken: {},
        refused: {},
        boxes: { boxes: [box] },
        cases: { chains: [chain] },
        case: { chain, exhibits: [sealed], ruling: { tx: decree.tx, authorisations: decree.authorisations } },
        'own-ruling': { choice, order: { tx: decree.tx, authorisations: decree.authorisations } },
      }).map(encodeCourtAnswer),
      read: decodeCourtAnswer,
      write: encodeCourtAnswer,
    },
    { name: 'exhibit', samples: exhibits, read: decodeExhibit },
    { name: 'sealed exhibit', samples: [encodeSealed(sealed)], read: decodeSealed, write: encodeSealed },
    {
      name: 'copies question',
      samples: [encodeCopyRequest({ kind: 'put', copy }), encodeCopyRequest(fetchRequest(hash, 1_760_000_000_000, signer, federationId))],
      read: decodeCopyRequest,
      write: encodeCopyRequest,
    },
    {
      name: 'copies answer',
      samples: ofEveryKind<CopyAnswer>({ taken: {}, refused: { code: 'older' }, copies: { copies: [copy] } }).map(encodeCopyAnswer),
      read: decodeCopyAnswer,
      write: encodeCopyAnswer,
    },
    { name: 'kept copy', samples: [encodeKept(copy)], read: decodeKept, write: encodeKept },
    { name: 'kept chain', samples: [encodeChain(chain)], read: decodeChain, write: encodeChain },
    { name: 'kept choice', samples: [choiceBytes(choice)], read: decodeChoice, write: choiceBytes },
    { name: 'kept box', samples: [boxBytes(box)], read: decodeBox, write: boxBytes },
    { name: 'consent', samples: [encodeConsentBody(consentOf(hash))], read: decodeConsentBody, write: encodeConsentBody },
    { name: 'content of a copy', samples: [packContent(content)], read: unpackContent },
    {
      name: 'inside of a copy',
      samples: [new Uint8Array(inflateRawSync(packContent(content)))],
      read: (bytes) => unpackContent(new Uint8Array(deflateRawSync(bytes))),
    },
    { name: 'line of an audit log', samples: auditLines.map(utf8), read: text(parseAuditLine) },
  ]
}

const consentOf = (hash: Uint8Array): Consent => ({
  documentId: 'serve-anthropic-api',
  version: 1,
  textHash: hash,
  termsCheckedAtMs: 1_760_000_000_000,
  backend: 'anthropic-api',
  baseUrl: 'https://api.anthropic.com',
  model: 'some-model',
  caps: { ...unbilled, concurrent: 2, tasksPerDay: 10, outputTokensPerTask: 1_000, outputTokensPerDay: 5_000 },
  credentialTag: hash,
  grantedAtMs: 1_760_000_000_000,
})

/** One of everything. */
const contentOf = (hash: Uint8Array, half: Uint8Array): Content => {
  const atMs = 1_760_000_000_000
  return {
    tasks: [
      {
        id: hash,
        askedAtMs: atMs,
        prompt: 'Is it full?',
        salt: hash,
        classKey: 'small',
        maxOutputTokens: 100,
        maxPriceMicro: 5n,
        mode: 'best',
        deadlineMs: atMs,
        state: 'running',
        number: 1,
        bidId: hash,
        bid: hash,
        escrow: hash,
        resultKey: hash,
        streamId: half,
        sealed: hash,
        receipt: hash,
        answer: 'No.',
        hold: 'It names a person.',
      },
    ],
    jobs: [
      {
        escrow: hash,
        client: hash,
        atMs,
        streamId: half,
        sealedHash: hash,
        receipt: hash,
        priceMicro: 5n,
        outputTokens: 10,
        inputTokens: 10,
        costMillicents: 3,
        backend: 'practice',
      },
    ],
    receipts: [{ escrow: hash, receipt: hash }],
    devices: [{ key: hash, name: 'attic' }],
    commands: [{ requestId: 'a-wish', name: 'wallet.send', inputHash: hash, result: hash, atMs }],
    ended: [{ id: hash, state: 'settled' }],
  }
}

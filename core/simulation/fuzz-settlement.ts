import fc from 'fast-check'
import {
  decodeProof as decodeFact,
  encodeProof as encodeFact,
  factAnswers,
  factQueries,
  type FactAnswer,
  type FactQuery,
} from '../facts/wire.ts'
import { decodeProposalRow, encodeProposalRow } from '../committee/model.ts'
import { decodeProposals, encodeProposals } from '../committee/wire.ts'
import type { Proof } from '../facts/model.ts'
import { assert } from '../platform/assert.ts'
import {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  type SettlementAnswer,
  type SettlementRequest,
} from '../settlement/bundle.ts'
import { decodeAuthorisedTx, decodeDecree, decodeTx, encodeAuthorisedTx, encodeDecree, encodeTx } from '../settlement/encoding.ts'
import { decodeEvidence, encodeEvidence, type Evidence } from '../settlement/evidence.ts'
import type { Decree } from '../settlement/objects.ts'
import { shareBytes } from '../settlement/seed-share.ts'
import { anyCertificate, anyDecree, anyOrder, anyProposal, anyTerms, anyVote } from '../settlement/testing/arbitraries.ts'
import { decodeProof, encodeProof } from '../wallet/proof.ts'
import { ofEveryKind, samplesOf, type Subject } from './fuzz-subject.ts'
import { hash, signature, transactions } from './fuzz-transactions.ts'

/** What members and witnesses ask and tell each other about money, and what proves it. */
export const settlementSubjects = (seed: number): readonly Subject[] => {
  const orders = samplesOf(anyOrder, seed)
  const decrees = samplesOf(anyDecree, seed)
  const votes = samplesOf(anyVote, seed)
  const proposals = samplesOf(anyProposal, seed)
  const certificates = samplesOf(anyCertificate, seed)
  const [order, decree] = [orders[0], decrees[0]]
  const [terms] = fc.sample(anyTerms, { numRuns: 1, seed })
  assert(order !== undefined && decree !== undefined && terms !== undefined, 'samples were drawn')
  const { governance, step } = order.tx
  const carried = certificates.slice(0, 2).map((certificate, at) => ({ certificate, order: at === 0 ? order : null }))
  const pair = <T>([first, second]: readonly T[]): { readonly first: T; readonly second: T } => {
    assert(first !== undefined && second !== undefined, 'two samples were drawn')
    return { first, second }
  }

  const bundle = {
    orders: [order],
    votes: votes.slice(0, 3),
    proposals: proposals.slice(0, 1),
    carried: certificates.slice(0, 2),
  }
  const questions = ofEveryKind<SettlementRequest>({
    exchange: { register: { governance, objectId: hash, step }, ...bundle, wantSkip: true, decrees: [decree] },
    inform: { decrees: decrees.slice(0, 2) },
    'fetch-object': { objectId: hash, fromStep: 3 },
    'fetch-inbox': { account: hash, after: 0 },
    'fetch-share': { escrowId: hash, decrees: [decree] },
    clock: {},
    'fetch-log': { after: 9 },
    'hand-over': { governance, fromPosition: 1 },
    'fetch-keys': { account: hash },
    'fetch-credits': { credits: [hash, hash] },
    'fetch-escrows': { provider: hash, after: 2 },
    'fetch-times': { places: [{ object: hash, step }] },
  })
  const answers = ofEveryKind<SettlementAnswer>({
    open: { ...bundle, refusal: 'bad-vote', headStep: -1 },
    decided: { decree },
    informed: { headStep: 4 },
    decrees: { decrees: decrees.slice(0, 2), next: 7 },
    log: { entries: [{ object: hash, step, tx: hash }], next: null },
    'handed-over': { carried, next: 3, signature },
    refused: { refusal: 'bad-certificate' },
    share: { share: new Uint8Array(shareBytes) },
    clock: { nowMs: 1_760_000_000_000 },
    keys: { step: 2, keys: [hash] },
    times: { times: [1_760_000_000_000, null] },
  })
  const evidence = ofEveryKind<Evidence>({
    votes: pair(votes),
    proposals: pair(proposals),
    rulings: pair(orders),
    orders: pair(votes.map((vote) => ({ order, vote }))),
    finals: pair(certificates),
  })
  const { epoch, txs } = transactions(order.tx, terms)
  const ordersOfEveryKind = txs.map((tx) => ({ tx, authorisations: order.authorisations }))
  const decreesOfEveryKind = ordersOfEveryKind.map((one) => ({ ...one, certificate: decree.certificate }))
  const proposal = { tx: epoch, endorsements: order.authorisations, proposer: { publicKey: hash, signature } }
  return [
    { name: 'settlement question', samples: questions.map(encodeRequest), read: decodeRequest, write: encodeRequest },
    { name: 'settlement answer', samples: answers.map(encodeAnswer), read: decodeAnswer, write: encodeAnswer },
    { name: 'transaction', samples: txs.map(encodeTx), read: decodeTx, write: encodeTx },
    { name: 'order', samples: ordersOfEveryKind.map(encodeAuthorisedTx), read: decodeAuthorisedTx, write: encodeAuthorisedTx },
    { name: 'decree with its certificate', samples: decreesOfEveryKind.map(encodeDecree), read: decodeDecree, write: encodeDecree },
    { name: 'evidence', samples: evidence.map(encodeEvidence), read: decodeEvidence, write: encodeEvidence },
    { name: 'proposed committee', samples: [encodeProposalRow(proposal)], read: decodeProposalRow, write: encodeProposalRow },
    {
      name: 'proposed committees',
      samples: [encodeProposals([]), encodeProposals([proposal])],
      read: decodeProposals,
      write: encodeProposals,
    },
    ...proofSubjects(decrees),
  ]
}

const proofSubjects = (decrees: readonly Decree[]): readonly Subject[] => {
  const facts = ofEveryKind<Proof>({
    settlement: { decrees: decrees.slice(0, 3) },
    introduction: { decrees: decrees.slice(0, 1) },
    note: { signed: { escrowId: hash, fault: 'network', clientKey: hash, signature } },
  })
  const factQuestions = ofEveryKind<FactQuery>({ days: {}, ids: { day: 20_000, after: hash }, proofs: { ids: [hash] } })
  const factReplies = ofEveryKind<FactAnswer>({
    days: { days: [{ day: 20_000, digest: hash }] },
    ids: { ids: [hash] },
    proofs: { proofs: [encodeFact({ kind: 'settlement', decrees: decrees.slice(0, 1) })] },
  })
  return [
    { name: 'proof of a payment', samples: [encodeProof(decrees.slice(0, 3)), encodeProof([])], read: decodeProof, write: encodeProof },
    { name: 'proof of a trade', samples: facts.map(encodeFact), read: decodeFact, write: encodeFact },
    { name: 'question about trades', samples: factQuestions.map(factQueries.encode), read: factQueries.decode, write: factQueries.encode },
    { name: 'answer about trades', samples: factReplies.map(factAnswers.encode), read: factAnswers.decode, write: factAnswers.encode },
  ]
}

import SqliteDatabase from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEscrow } from '../escrow/model.ts'
import { maxSupplyMicro } from '../platform/amount.ts'
import { decodeAnswer, encodeRequest, maxBundleBytes, type SettlementRequest } from './bundle.ts'
import { txHash } from './encoding.ts'
import type {
  AccountOperation,
  AccountTx,
  AuthorisationRole,
  AuthorisedTx,
  Certificate,
  Credit,
  Decree,
  EscrowMove,
  EscrowState,
  EscrowTerms,
  Vote,
} from './objects.ts'
import { authorise, signProposal, signReceipt, signStatement } from './signatures.ts'
import { createScene, type Scene } from './testing/scene.ts'
import { birth, createMember, federationId, hash, moveOf, openingOf, signed, signerOf, termsBetween, type Member } from './testing/world.ts'

/**
 * What a witness with a real database refuses, with which code, and that nothing of it is kept: its file is the same after as before.
 * Alice has paid Bob, he has claimed it, and an escrow of hers is open with him.
 */
let scene: Scene
let paid: Decree
let claimed: Decree
let escrow: EscrowState
let credits: readonly Credit[]
const eve = createMember('eve')

beforeAll(async () => {
  scene = createScene()
  const { world, alice, bob, settle, creditsOf } = scene
  paid = await settle(alice.transfer(bob.id, 30n, world.genesis))
  credits = creditsOf([paid])
  claimed = await settle(bob.order({ kind: 'claim-only' }, credits), [paid])
  const opening = await settle(openingOf(alice, bob, termsBetween(alice, bob, world.clock.nowMs())))
  escrow = openEscrow(opening.tx as AccountTx) as EscrowState
  for (const { witness } of world.witnesses) witness.inform([paid, claimed, opening])
})
afterAll(() => scene.world.close())

const nowMs = (): number => scene.world.clock.nowMs()
/** Everything that is in the witness's file. */
const fileOf = (): Buffer => {
  const database = new SqliteDatabase(scene.world.witnesses[0]?.file ?? '', { readonly: true })
  const bytes = database.serialize()
  database.close()
  return bytes
}
const answerTo = (payload: Uint8Array): string => {
  const answer = decodeAnswer(scene.world.witnesses[0]?.witness.exchange(payload, nowMs()) ?? payload)
  if (!answer.ok) throw new Error(answer.error.message)
  return 'refusal' in answer.value ? (answer.value.refusal ?? answer.value.kind) : answer.value.kind
}

const nothing = { orders: [], votes: [], proposals: [], carried: [], wantSkip: false, decrees: [] } as const
const inform = (...decrees: readonly Decree[]): Uint8Array => encodeRequest({ kind: 'inform', decrees })
const ask = (order: AuthorisedTx, more: Partial<Extract<SettlementRequest, { readonly kind: 'exchange' }>> = {}): Uint8Array => {
  const { governance, objectId, step } = order.tx
  return encodeRequest({ kind: 'exchange', register: { governance, objectId, step }, ...nothing, orders: [order], ...more })
}

/** The others: who is shown a signature of its own that its file does not hold votes no more. */
const witnessing = [1, 2, 3] as const

/** A certified payment of Alice's that no witness has heard of, so that only what is changed about it is wrong. */
const unheard = (): Decree => {
  const order = scene.alice.transfer(scene.bob.id, 1n)
  const { tx } = order
  const statement = { governance: birth, objectId: tx.objectId, step: tx.step, view: 0, kind: 'F', txHash: txHash(tx) } as const
  const votes = witnessing.map((index) => signStatement(statement, index, signerOf(`witness ${index}`)))
  return { ...order, certificate: { statement, signatures: votes.map(({ witnessIndex, signature }) => ({ witnessIndex, signature })) } }
}
const withCertificate = (change: (certificate: Certificate) => Certificate): Uint8Array => {
  const decree = unheard()
  return inform({ ...decree, certificate: change(decree.certificate) })
}
/** Signed again, so that its signatures hold for what they say. */
const saying = (change: Partial<Certificate['statement']>): Uint8Array =>
  withCertificate(({ statement }) => {
    const said = { ...statement, ...change }
    const votes = witnessing.map((index) => signStatement(said, index, signerOf(`witness ${index}`)))
    return { statement: said, signatures: votes.map(({ witnessIndex, signature }) => ({ witnessIndex, signature })) }
  })
const signedBy = (change: (signatures: Certificate['signatures']) => Certificate['signatures']): Uint8Array =>
  withCertificate(({ statement, signatures }) => ({ statement, signatures: change(signatures) }))

const changedOrder = (change: Partial<AccountTx>, by: Member = scene.alice): Uint8Array => {
  const { tx } = scene.alice.transfer(scene.bob.id, 1n)
  return ask(signed({ ...tx, ...change }, by.signer))
}
const changedBody = (change: Partial<AccountTx['body']>): Uint8Array => {
  const { tx } = scene.alice.transfer(scene.bob.id, 1n)
  return changedOrder({ body: { ...tx.body, ...change } })
}
const paying = (amountMicro: bigint, freeAfterMicro: bigint): Uint8Array =>
  changedBody({ operation: { kind: 'transfer', to: scene.bob.id, amountMicro, memo: '' }, freeAfterMicro })
const doing = (operation: AccountOperation): Uint8Array => ask(scene.alice.order(operation))
const opening = (change: Partial<EscrowTerms>, by: Member = scene.bob): Uint8Array => {
  const terms = termsBetween(scene.alice, by, nowMs(), change)
  return ask(openingOf(scene.alice, { ...by, id: terms.provider }, terms))
}
const moving = (body: EscrowMove, roles: readonly AuthorisationRole[], change: Partial<EscrowState> = {}): Uint8Array =>
  ask(
    moveOf(
      { ...escrow, ...change },
      body,
      roles.map((role) => [role, role === 'client' ? scene.alice.signer : scene.bob.signer] as const),
    ),
  )
const receipt = (change: { readonly priceMicro?: bigint; readonly escrowId?: Uint8Array }, by: Member = scene.bob) => {
  const times = { startedAtMs: nowMs(), firstTokenAtMs: nowMs(), finishedAtMs: nowMs() }
  const usage = { priceMicro: 1n, inputTokens: 1, outputTokens: 1, transcriptHash: hash('transcript'), ...times }
  return signReceipt(federationId, { escrowId: escrow.id, ...usage, ...change }, by.signer)
}
const delivering = (change: { readonly atMs?: number; readonly priceMicro?: bigint }): EscrowMove => ({
  kind: 'deliver',
  atMs: nowMs(),
  resultHash: hash('result'),
  priceMicro: 1n,
  recused: [],
  ...change,
})
const voting = (change: Partial<Vote['statement']>, by = 'witness 1', witnessIndex = 1): Uint8Array => {
  const order = scene.alice.transfer(scene.bob.id, 1n)
  const { objectId, step } = order.tx
  const statement = { governance: birth, objectId, step, view: 0, kind: 'N', txHash: txHash(order.tx), ...change } as const
  return ask(order, { orders: [], votes: [signStatement(statement, witnessIndex, signerOf(by))] })
}
const half = (bytes: Uint8Array): Uint8Array => bytes.slice(0, bytes.length / 2)
const elsewhere = { federationId: hash('elsewhere'), epoch: 0 }
const identityKey = new Uint8Array(32).fill(0).with(0, 1)
const locked = 5_000_000n
const free = (): bigint => scene.alice.state().freeMicro

type Case = readonly [what: string, code: string, payload: () => Uint8Array]

const certificates: readonly Case[] = [
  [
    'of another federation',
    'wrong-federation',
    () => inform({ ...unheard(), tx: { ...unheard().tx, governance: elsewhere, next: elsewhere } }),
  ],
  ['that says it is of another federation', 'bad-certificate', () => saying({ governance: elsewhere })],
  ['of an epoch that is not known', 'unknown-epoch', () => saying({ governance: { ...birth, epoch: 7 } })],
  ['of another step', 'bad-certificate', () => saying({ step: 9 })],
  ['of another object', 'bad-certificate', () => saying({ objectId: hash('another') })],
  ['of another order', 'bad-certificate', () => saying({ txHash: hash('another') })],
  ['that notarizes', 'bad-certificate', () => saying({ kind: 'N' })],
  ['that skips', 'bad-certificate', () => saying({ kind: 'S' })],
  ['without signatures', 'bad-certificate', () => signedBy(() => [])],
  ['with a signature too few', 'bad-certificate', () => signedBy((all) => all.slice(1))],
  ['with a signature too many', 'bad-certificate', () => signedBy((all) => [{ ...all[0]!, witnessIndex: 0 }, ...all])],
  ['with a signature repeated', 'bad-certificate', () => signedBy((all) => all.with(2, all[1]!))],
  ['with one signature under two names', 'bad-certificate', () => signedBy((all) => all.with(2, { ...all[1]!, witnessIndex: 3 }))],
  ['with signatures out of order', 'bad-certificate', () => signedBy((all) => all.toReversed())],
  [
    'with a stranger’s signature',
    'bad-certificate',
    () => signedBy((all) => all.with(2, { witnessIndex: 3, signature: eve.signer.sign('RUV1/VOTE', federationId, hash('x')) })),
  ],
  ['of a witness that does not exist', 'bad-certificate', () => signedBy((all) => all.with(2, { ...all[2]!, witnessIndex: 77 }))],
  [
    'behind an order whose signature is damaged',
    'not-authorised',
    () => inform({ ...unheard(), authorisations: [{ ...unheard().authorisations[0]!, signature: new Uint8Array(64) }] }),
  ],
]

const claims: readonly Case[] = [
  ['made before', 'already-claimed', () => ask(scene.bob.order({ kind: 'claim-only' }, credits))],
  ['made twice in one order', 'unordered-claims', () => changedBody({ claims: [credits[0]!.id, credits[0]!.id] })],
  ['out of order', 'unordered-claims', () => changedBody({ claims: [new Uint8Array(32).fill(2), new Uint8Array(32).fill(1)] })],
  ['of what nobody paid', 'unknown-credit', () => changedBody({ claims: [hash('nothing')] })],
  ['of what another was paid', 'foreign-credit', () => ask(eve.order({ kind: 'claim-only' }, credits))],
  ['of nothing, by a new account', 'no-credit', () => ask(eve.order({ kind: 'claim-only' }))],
  ['of nothing, and nothing else', 'nothing-to-do', () => ask(scene.alice.order({ kind: 'claim-only' }))],
]

const amounts: readonly Case[] = [
  ['zero', 'zero-amount', () => paying(0n, free())],
  ['negative', 'malformed', () => paying(-1n, free() + 1n)],
  ['over the supply', 'malformed', () => paying(maxSupplyMicro + 1n, 0n)],
  ['over the balance', 'insufficient', () => paying(free() + 1n, 0n)],
  ['that leaves too much', 'wrong-balance', () => paying(1n, free())],
  ['that leaves too little', 'wrong-balance', () => paying(1n, free() - 2n)],
  ['paid to oneself', 'to-self', () => changedBody({ operation: { kind: 'transfer', to: scene.alice.id, amountMicro: 1n, memo: '' } })],
  ['zero, locked', 'zero-amount', () => opening({ amountMicro: 0n })],
  ['over the balance, locked', 'malformed', () => opening({ amountMicro: maxSupplyMicro })],
]

const orders: readonly Case[] = [
  ['that leaves a step out', 'missing-history', () => changedOrder({ step: scene.alice.state().step + 2 })],
  ['that continues another history', 'wrong-previous', () => changedOrder({ previousHash: hash('another') })],
  ['for another federation', 'wrong-federation', () => changedOrder({ governance: elsewhere, next: elsewhere })],
  [
    'for an epoch that is not known',
    'unknown-epoch',
    () => changedOrder({ governance: { ...birth, epoch: 3 }, next: { ...birth, epoch: 3 } }),
  ],
  ['that moves to an epoch that is not known', 'unknown-epoch', () => changedOrder({ next: { ...birth, epoch: 1 } })],
  ['that moves to another federation', 'wrong-governance', () => changedOrder({ next: elsewhere })],
  ['for another account', 'not-authorised', () => changedOrder({}, eve)],
  ['without a signature', 'not-authorised', () => ask({ ...scene.alice.transfer(scene.bob.id, 1n), authorisations: [] })],
  [
    'with two signatures',
    'not-authorised',
    () => {
      const order = scene.alice.transfer(scene.bob.id, 1n)
      return ask({ ...order, authorisations: [order.authorisations[0]!, order.authorisations[0]!] })
    },
  ],
  [
    'signed as something else',
    'not-authorised',
    () => {
      const { tx } = scene.alice.transfer(scene.bob.id, 1n)
      return ask({ tx, authorisations: [authorise(tx, 'client', scene.alice.signer)] })
    },
  ],
  ['to use a key that is none', 'bad-key', () => doing({ kind: 'rotate-key', newKey: identityKey })],
  ['to add a key that is there', 'known-key', () => doing({ kind: 'register-device', deviceKey: scene.alice.signer.publicKey })],
  ['to remove a key that is not', 'unknown-key', () => doing({ kind: 'revoke-device', deviceKey: eve.signer.publicKey })],
  [
    'put into another register',
    'wrong-object',
    () => ask(scene.alice.transfer(scene.bob.id, 1n), { register: { governance: birth, objectId: eve.id, step: 0 } }),
  ],
]

const terms: readonly Case[] = [
  [
    'that the provider did not sign',
    'not-accepted',
    () => {
      const own = termsBetween(scene.alice, scene.bob, nowMs())
      return ask(scene.alice.order({ kind: 'open-escrow', terms: own, acceptSignature: new Uint8Array(64) }))
    },
  ],
  ['with oneself', 'wrong-terms', () => opening({ provider: scene.alice.id })],
  ['with a review that is too short', 'wrong-terms', () => opening({ reviewMs: 1 })],
  ['with a panel that a minority rules', 'wrong-terms', () => opening({ panel: { size: 4, quorum: 2 } })],
]

const moves: readonly Case[] = [
  ['release by the provider', 'not-authorised', () => moving({ kind: 'release', receipt: null }, ['provider'])],
  ['refund by the client', 'not-authorised', () => moving({ kind: 'refund' }, ['client'])],
  ['split by one side', 'not-authorised', () => moving({ kind: 'split', toProviderMicro: 1n }, ['client'])],
  ['split of more than was locked', 'over-the-lock', () => moving({ kind: 'split', toProviderMicro: locked + 1n }, ['client', 'provider'])],
  ['delivery at more than was locked', 'over-the-lock', () => moving(delivering({ priceMicro: locked + 1n }), ['provider'])],
  [
    'release at more than was locked',
    'over-the-lock',
    () => moving({ kind: 'release', receipt: receipt({ priceMicro: locked + 1n }) }, ['client']),
  ],
  ['release by another’s receipt', 'bad-receipt', () => moving({ kind: 'release', receipt: receipt({}, eve) }, ['client'])],
  [
    'release by the receipt of another escrow',
    'bad-receipt',
    () => moving({ kind: 'release', receipt: receipt({ escrowId: hash('x') }) }, ['client']),
  ],
  [
    'dispute of what is not delivered',
    'wrong-phase',
    () => moving({ kind: 'dispute', atMs: nowMs(), reasonHash: hash('why'), recused: [] }, ['client']),
  ],
  ['ruling without a panel', 'wrong-phase', () => moving({ kind: 'rule', outcome: 'refund' }, ['client'])],
  ['move that leaves a step out', 'missing-history', () => moving({ kind: 'refund' }, ['provider'], { step: 4 })],
  ['move on another history', 'wrong-previous', () => moving({ kind: 'refund' }, ['provider'], { headHash: hash('another') })],
  ['move of an escrow that is not known', 'missing-history', () => moving({ kind: 'refund' }, ['provider'], { id: hash('another') })],
]

const times: readonly Case[] = [
  ['delivery of an hour ago', 'too-late', () => moving(delivering({ atMs: nowMs() - 3_600_000 }), ['provider'])],
  ['delivery of the future', 'too-early', () => moving(delivering({ atMs: nowMs() + 30_000 }), ['provider'])],
  ['refund before the deadline', 'too-early', () => moving({ kind: 'expire-refund' }, [])],
  ['acceptance that has lapsed', 'too-late', () => opening({ acceptValidUntilMs: nowMs() - 1 })],
  ['work deadline too far ahead', 'too-early', () => opening({ deliverByMs: nowMs() + 30 * 24 * 3_600_000 })],
  ['delivery after its time', 'too-late', () => moving(delivering({ atMs: escrow.terms.deliverByMs + 1 }), ['provider'])],
  ['delivery before the beginning of time', 'malformed', () => moving(delivering({ atMs: -1 }), ['provider'])],
  ['delivery after the end of time', 'malformed', () => moving(delivering({ atMs: 10_000_000_000_000 }), ['provider'])],
  ['work deadline after the end of time', 'malformed', () => opening({ deliverByMs: 10_000_000_000_000 })],
]

const votes: readonly Case[] = [
  ['of another register', 'bad-vote', () => voting({ step: 9 })],
  ['of another federation', 'bad-vote', () => voting({ governance: elsewhere })],
  ['of another epoch', 'bad-vote', () => voting({ governance: { ...birth, epoch: 1 } })],
  ['signed by a stranger', 'bad-vote', () => voting({}, 'eve')],
  ['signed by another witness', 'bad-vote', () => voting({}, 'witness 2', 1)],
  ['of a witness that does not exist', 'bad-vote', () => voting({}, 'witness 1', 77)],
  [
    'by a leader that is none',
    'bad-vote',
    () => {
      const order = scene.alice.transfer(scene.bob.id, 1n)
      const { objectId, step } = order.tx
      const proposal = { governance: birth, objectId, step, view: 1, txHash: txHash(order.tx), parentViewPlusOne: 0 }
      return ask(order, { orders: [], proposals: witnessing.map((index) => signProposal(proposal, index, signerOf(`witness ${index}`))) })
    },
  ],
]

const messages: readonly Case[] = [
  ['without content', 'malformed', () => new Uint8Array()],
  ['of noise', 'malformed', () => hash('noise')],
  ['cut short', 'malformed', () => half(inform(paid))],
  ['with something behind it', 'malformed', () => new Uint8Array([...inform(paid), 0])],
  ['longer than any may be', 'malformed', () => new Uint8Array(maxBundleBytes + 1)],
]

const lists = { certificates, claims, amounts, orders, terms, moves, times, votes, messages }
const everything = Object.entries(lists).flatMap(([list, cases]) => cases.map(([what, code, payload]) => ({ list, what, code, payload })))

it.each(everything)('$list: $what is refused as $code, and nothing of it is kept', ({ code, payload }) => {
  const before = fileOf()
  expect(answerTo(payload())).toBe(code)
  expect(fileOf().equals(before)).toBe(true)
})

it('what is right is taken after all of that, and kept', () => {
  const before = fileOf()
  expect([answerTo(ask(scene.alice.transfer(scene.bob.id, 1n))), answerTo(inform(unheard()))]).toEqual(['open', 'informed'])
  expect(fileOf().equals(before)).toBe(false)
})

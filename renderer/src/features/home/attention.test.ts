import { expect, test } from 'vitest'
import { contractExamples } from '../../../../core/contract/testing/contract-examples.ts'
import { loading, ready } from '../../store/loaded.ts'
import { attentionIn, attentionOf, type Known } from './attention.ts'

const escrow = {
  ...contractExamples.escrow.list.output.page.rows[0]!,
  splitOffer: null,
  role: 'client' as const,
  phase: 'delivered' as const,
  reviewByMs: 900,
}
const network = contractExamples.network.status.output
const witness = network.witnesses[0]!
const whole = { ...network, settling: 'yes' as const, quorum: 1, witnesses: [{ ...witness, reachable: true }] }
const broken = { ...whole, settling: 'no' as const, witnesses: [{ ...witness, reachable: false }] }
const approvals = contractExamples.approvals.list.output
const cases = contractExamples.arbiter.list.output
const provider = { ...contractExamples.provider.status.output, state: 'running' as const }
const calm: Known = { network: whole, approvals: { ...approvals, rows: [] }, cases: null, provider: null, escrows: [] }
const kind = (changed: Partial<Known>) => attentionOf({ ...calm, ...changed })?.kind ?? null

test('what stops everything comes before what runs out, and that before what has time', () => {
  const split = { ...escrow, splitOffer: { by: 'provider' as const, toProviderMicro: 1n } }
  const all: Known = { network: broken, approvals, cases, provider, escrows: [escrow, split] }
  const order = [
    attentionOf(all),
    attentionOf({ ...all, network: whole }),
    attentionOf({ ...all, network: whole, approvals: null }),
    attentionOf({ ...all, network: whole, approvals: null, cases: null }),
    attentionOf({ ...all, network: whole, approvals: null, cases: null, escrows: [escrow] }),
    attentionOf({ ...calm, escrows: [escrow] }),
  ]
  expect(order.map((attention) => attention?.kind)).toEqual(['quorum', 'approvals', 'cases', 'split', 'backend', 'review'])
})

test('a split that I offered myself, and a review of my own work, need nobody', () => {
  expect(kind({ escrows: [{ ...escrow, phase: 'open', splitOffer: { by: 'client', toProviderMicro: 1n } }] })).toBeNull()
  expect(kind({ escrows: [{ ...escrow, role: 'provider' }] })).toBeNull()
})

test('of two reviews the one that ends first is named', () =>
  expect(attentionOf({ ...calm, escrows: [escrow, { ...escrow, id: 'f'.repeat(64), reviewByMs: 500 }] })).toMatchObject({ untilMs: 500 }))

test('before anything is known nothing is claimed', () =>
  expect(attentionOf({ network: null, approvals: null, cases: null, provider: null, escrows: [] })).toBeNull())

test('that nothing needs its owner is said only when all of it is known, and what does need them at once', () => {
  const all = {
    network: ready(whole),
    approvals: ready({ ...approvals, rows: [] }),
    cases: ready({ ...cases, rows: [] }),
    provider: ready({ ...provider, state: 'stopped' as const }),
    escrows: ready({ rows: [] }),
  }
  const failed = { status: 'failed', message: 'The database is locked.' } as const
  expect([
    attentionIn(all),
    attentionIn({ ...all, escrows: loading }),
    attentionIn({ ...all, network: loading, escrows: failed }),
    attentionIn({ ...all, network: loading, escrows: failed, approvals: ready(approvals) }),
  ]).toEqual([ready(null), loading, failed, ready({ kind: 'approvals', count: approvals.rows.length })])
})

test('a witness that answers and does not vote is not counted, and a moment of connecting is not worth a word', () => {
  const network = { ...broken, witnesses: [{ ...witness, reachable: true, standsAside: 'retired' as const }] }
  expect(attentionOf({ ...calm, network })).toMatchObject({
    votes: { counts: { reachable: 1, voting: 0 }, isSplit: true, hasQuorum: false },
  })
  expect(kind({ network: { ...broken, settling: 'connecting' } })).toBeNull()
})

test('a clock that is not that of the witnesses is told', () =>
  expect(attentionOf({ ...calm, network: { ...whole, clockOffsetMs: -7_200_000 } })).toEqual({ kind: 'clock', offsetMs: -7_200_000 }))

test('a case that was ruled on, or is over, needs nobody', () => {
  const [row] = cases.rows
  if (row === undefined) throw new Error('no case')
  expect(
    kind({
      cases: {
        ...cases,
        rows: [
          { ...row, ownRuling: 'half' },
          { ...row, phase: 'settled' },
        ],
      },
    }),
  ).toBeNull()
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EscrowMove, EscrowPhase, EscrowState } from '../settlement/objects.ts'
import { guardMs } from '../settlement/rules.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { federationId, hash, moveOf, signerOf } from '../settlement/testing/world.ts'
import { exitsOf, exitsOpen } from './exits.ts'
import { applyEscrowMove, moveRules, openEscrow, payoutCredits, ruledMicro, type MoveKind } from './model.ts'
import {
  applied,
  arbitersSign,
  asEscrow,
  client,
  deliver,
  delivered,
  designated,
  dispute,
  disputed,
  opened,
  provider,
  roleOf,
  rules,
  seat,
  seated,
  sharesOf,
  startMs,
  stateIn,
  terms,
  type Signatures,
} from './testing/states.ts'

const { amountMicro, deliverByMs, reviewMs, ruleMs } = terms
const guard = guardMs(rules.limits)

const receiptOf = (state: EscrowState, receiptMicro: bigint, signer = provider.signer) =>
  signReceipt(
    federationId,
    {
      escrowId: state.id,
      priceMicro: receiptMicro,
      inputTokens: 10,
      outputTokens: 20,
      transcriptHash: hash('transcript'),
      startedAtMs: startMs,
      firstTokenAtMs: startMs,
      finishedAtMs: startMs,
    },
    signer,
  )

const moves: Readonly<Record<MoveKind, EscrowMove>> = {
  release: { kind: 'release', receipt: null },
  refund: { kind: 'refund' },
  split: { kind: 'split', toProviderMicro: 2_000_000n },
  deliver,
  'expire-refund': { kind: 'expire-refund' },
  dispute,
  'expire-release': { kind: 'expire-release' },
  'seat-panel': seat(disputed),
  'expire-default': { kind: 'expire-default' },
  rule: { kind: 'rule', outcome: 'half' },
}
const phases: readonly EscrowPhase[] = ['open', 'delivered', 'disputed', 'panel', 'settled']
const both: Signatures = [roleOf('client'), roleOf('provider')]
const panel = arbitersSign('ada', 'bea')
/** Everybody who might try, alone and together, in and out of order. */
const signers: Readonly<Record<string, Signatures>> = {
  nobody: [],
  client: [roleOf('client')],
  provider: [roleOf('provider')],
  both,
  'both, turned round': both.toReversed(),
  'the client as provider': [['provider', client.signer]],
  'the provider as client': [['client', provider.signer]],
  owner: [['owner', client.signer]],
  'a stranger as client': [['client', signerOf('mallory')]],
  'one arbiter': arbitersSign('ada'),
  'k arbiters': panel,
  'k arbiters, turned round': panel.toReversed(),
  'one arbiter twice': arbitersSign('ada', 'ada'),
  'all arbiters': arbitersSign('ada', 'bea', 'cid'),
  'an arbiter and a stranger': arbitersSign('ada', 'mallory'),
  'an arbiter and a party': [...arbitersSign('ada'), roleOf('client')],
  'arbiters as clients': [
    ['client', signerOf('ada')],
    ['client', signerOf('bea')],
  ],
}
const rightSigners: Readonly<Record<MoveKind, keyof typeof signers>> = {
  release: 'client',
  refund: 'provider',
  split: 'both',
  deliver: 'provider',
  'expire-refund': 'nobody',
  dispute: 'client',
  'expire-release': 'nobody',
  'seat-panel': 'nobody',
  'expire-default': 'nobody',
  rule: 'k arbiters',
}
const signaturesFor = (move: MoveKind): Signatures => signers[rightSigners[move]] ?? []

/** What a move does: the phase after it and what both are paid, or why it is refused. */
const tried = (state: EscrowState, move: EscrowMove, signatures: Signatures, nowMs: number | null = null): string => {
  const result = applied(state, move, signatures, { nowMs })
  if (!result.ok) return result.error.code
  const { phase, payout } = result.value.state
  return payout === null ? phase : `${phase} ${payout.providerMicro}+${payout.clientMicro}`
}

describe('the table of moves', () => {
  // Written by hand from design.md §3.2 and settlement.md §5.2: what the right signers get in each phase.
  const whole = 'settled 5000000+0'
  const priced = 'settled 3000001+1999999'
  const halved = 'settled 1500000+3500000'
  const back = 'settled 0+5000000'
  const split = 'settled 2000000+3000000'
  const wrong = 'wrong-phase'
  const table: Readonly<Record<MoveKind, readonly [string, string, string, string, string]>> = {
    //                 open         delivered   disputed  panel   settled
    release: [whole, priced, priced, priced, wrong],
    refund: [back, back, back, back, wrong],
    split: [split, split, split, split, wrong],
    deliver: ['delivered', wrong, wrong, wrong, wrong],
    'expire-refund': [back, wrong, wrong, wrong, wrong],
    dispute: [wrong, 'disputed', wrong, wrong, wrong],
    'expire-release': [wrong, priced, wrong, wrong, wrong],
    'seat-panel': [wrong, wrong, 'panel', wrong, wrong],
    'expire-default': [wrong, wrong, halved, halved, wrong],
    rule: [wrong, wrong, wrong, halved, wrong],
  }
  const rows = Object.entries(table).flatMap(([move, results]) =>
    phases.map((phase, at) => [move as MoveKind, phase, results[at] ?? ''] as const),
  )

  it.each(rows)('%s in %s by whom it belongs to: %s', (move, phase, expected) => {
    expect(tried(stateIn(phase), moves[move], signaturesFor(move))).toBe(expected)
  })

  it.each(rows)('%s in %s is nobody else’s', (move, phase, expected) => {
    const others = Object.entries(signers).filter(([name]) => name !== rightSigners[move])
    const taken = others.map(([name, by]) => [name, tried(stateIn(phase), moves[move], by)] as const)
    expect(taken).toEqual(others.map(([name]) => [name, expected === wrong ? wrong : 'not-authorised']))
  })

  it('takes a signature of the right role only by the right key and over this very move', () => {
    const state = opened()
    const order = moveOf(state, moves.refund, [['provider', client.signer]])
    const other = moveOf(state, { kind: 'split', toProviderMicro: 1n }, [['provider', provider.signer]])
    const apply = (authorisations: typeof order.authorisations) =>
      applyEscrowMove(state, { tx: asEscrow(order.tx), authorisations }, { rules, nowMs: null })
    expect([apply(order.authorisations), apply(other.authorisations)]).toMatchObject([
      { error: { code: 'not-authorised' } },
      { error: { code: 'not-authorised' } },
    ])
  })

  it('takes no ruling that mixes outcomes', () => {
    const half = moveOf(seated, { kind: 'rule', outcome: 'half' }, arbitersSign('ada'))
    const refund = moveOf(seated, { kind: 'rule', outcome: 'refund' }, arbitersSign('bea'))
    const authorisations = [...half.authorisations, ...refund.authorisations]
    expect(applyEscrowMove(seated, { tx: asEscrow(half.tx), authorisations }, { rules, nowMs: null })).toMatchObject({
      error: { code: 'not-authorised' },
    })
  })

  it('pays what the panel rules: the price, nothing, or half of the price', () => {
    const ruled = (['release', 'refund', 'half'] as const).map((outcome) => tried(seated, { kind: 'rule', outcome }, panel))
    expect(ruled).toEqual([priced, back, halved])
    expect(ruledMicro('half', 1n)).toBe(0n)
  })
})

describe('metering', () => {
  const release = (state: EscrowState, receiptMicro: bigint, signer = provider.signer) =>
    tried(state, { kind: 'release', receipt: receiptOf(state, receiptMicro, signer) }, [roleOf('client')])

  it('pays the price on the provider’s receipt, before the one of DELIVER, before the whole lock', () => {
    expect([release(opened(), 1n), release(delivered, 1n), tried(delivered, moves.release, [roleOf('client')])]).toEqual([
      'settled 1+4999999',
      'settled 1+4999999',
      'settled 3000001+1999999',
    ])
  })

  it('refuses a receipt above the lock, of another escrow, or not signed by the provider', () => {
    const foreign = { ...receiptOf(opened(), 1n), receipt: { ...receiptOf(opened(), 1n).receipt, escrowId: hash('other') } }
    expect([
      release(opened(), amountMicro + 1n),
      release(opened(), 1n, client.signer),
      tried(opened(), { kind: 'release', receipt: foreign }, [roleOf('client')]),
      tried(opened(), { ...moves.deliver, priceMicro: amountMicro + 1n } as EscrowMove, [roleOf('provider')]),
      tried(opened(), { kind: 'split', toProviderMicro: amountMicro + 1n }, both),
    ]).toEqual(['over-the-lock', 'bad-receipt', 'bad-receipt', 'over-the-lock', 'over-the-lock'])
  })
})

describe('deadlines', () => {
  const reviewByMs = startMs + reviewMs
  const ruleByMs = startMs + ruleMs
  const seatAnyMs = startMs + rules.limits.seatAnyAfterMs + guard
  const at = (phase: EscrowPhase, move: EscrowMove, nowMs: number): string => tried(stateIn(phase), move, signaturesFor(move.kind), nowMs)
  const [, second = 0, third = 0] = designated(disputed)
  const others: EscrowMove = { kind: 'seat-panel', shares: sharesOf(disputed, [second, third]) }
  const delivers = (atMs: number): EscrowMove => ({ ...deliver, atMs }) as EscrowMove
  const disputes = (atMs: number): EscrowMove => ({ ...dispute, atMs }) as EscrowMove

  it.each<readonly [string, EscrowPhase, EscrowMove, number, string]>([
    ['expire-refund before the guard has passed', 'open', moves['expire-refund'], deliverByMs + guard - 1, 'too-early'],
    ['expire-refund after it', 'open', moves['expire-refund'], deliverByMs + guard, 'settled 0+5000000'],
    ['expire-release before the guard has passed', 'delivered', moves['expire-release'], reviewByMs + guard - 1, 'too-early'],
    ['expire-release after it', 'delivered', moves['expire-release'], reviewByMs + guard, 'settled 3000001+1999999'],
    ['expire-default of an unjudged dispute too early', 'disputed', moves['expire-default'], ruleByMs + guard - 1, 'too-early'],
    ['expire-default of an unjudged dispute', 'disputed', moves['expire-default'], ruleByMs + guard, 'settled 1500000+3500000'],
    ['expire-default of a silent panel too early', 'panel', moves['expire-default'], ruleByMs + guard - 1, 'too-early'],
    ['expire-default of a silent panel', 'panel', moves['expire-default'], ruleByMs + guard, 'settled 1500000+3500000'],
    ['a delivery at the deadline', 'open', delivers(deliverByMs), deliverByMs, 'delivered'],
    ['a delivery after it', 'open', delivers(deliverByMs), deliverByMs + 1, 'too-late'],
    ['a delivery dated after it', 'open', delivers(deliverByMs + 1), deliverByMs - 10, 'too-late'],
    ['a delivery from the past', 'open', delivers(startMs), startMs + 15_001, 'too-late'],
    ['a delivery from the future', 'open', delivers(startMs + 15_001), startMs, 'too-early'],
    ['a dispute at the end of the review', 'delivered', disputes(reviewByMs), reviewByMs, 'disputed'],
    ['a dispute after it', 'delivered', disputes(reviewByMs), reviewByMs + 1, 'too-late'],
    ['a dispute dated after it', 'delivered', disputes(reviewByMs + 1), reviewByMs - 10, 'too-late'],
    ['a dispute from the past', 'delivered', disputes(startMs), startMs + 15_001, 'too-late'],
    ['a dispute from the future', 'delivered', disputes(startMs + 15_001), startMs, 'too-early'],
    ['a seating by the designated witnesses at once', 'disputed', moves['seat-panel'], startMs, 'panel'],
    ['a seating by others at once', 'disputed', others, seatAnyMs - 1, 'too-early'],
    ['a seating by others once the designated had their time', 'disputed', others, seatAnyMs, 'panel'],
    ['a ruling after its time, as long as nobody ended the dispute', 'panel', moves.rule, ruleByMs + guard, 'settled 1500000+3500000'],
  ])('%s', (_what, phase, move, nowMs, expected) => {
    expect(at(phase, move, nowMs)).toBe(expected)
  })

  it('does not look at the clock once a certificate vouches for the time', () => {
    expect([at('open', moves['expire-refund'], startMs), tried(opened(), moves['expire-refund'], [])]).toEqual([
      'too-early',
      'settled 0+5000000',
    ])
  })
})

describe('chains', () => {
  it('refuses a move of another step, another predecessor, another escrow or another committee', () => {
    const state = opened()
    const order = moveOf(state, moves.refund, [roleOf('provider')])
    const tx = asEscrow(order.tx)
    const other = { ...tx.governance, epoch: 1 }
    const codes = [
      { ...tx, step: 2 },
      { ...tx, previousHash: hash('other') },
      { ...tx, objectId: hash('other') },
      { ...tx, governance: other },
      { ...tx, next: other },
    ].map((changed) => {
      const result = applyEscrowMove(state, { tx: changed, authorisations: order.authorisations }, { rules, nowMs: null })
      return result.ok ? 'accepted' : result.error.code
    })
    expect(codes).toEqual(['wrong-step', 'wrong-previous', 'wrong-object', 'wrong-governance', 'wrong-governance'])
  })

  it('refuses to judge an escrow of a committee it does not know', () => {
    const unknown = { ...rules, epochs: { ...rules.epochs, get: () => null } }
    expect(applied(opened(), moves.refund, [roleOf('provider')], { rules: unknown })).toMatchObject({ error: { code: 'wrong-governance' } })
  })
})

describe('exits', () => {
  it.each(phases)('leaves %s by moves that need nobody else, for each side', (phase) => {
    const exits = (role: 'client' | 'provider') =>
      exitsOf(stateIn(phase), role, rules)
        .filter(({ alone }) => alone)
        .map(({ move }) => move)
    const expected = {
      open: { client: ['release', 'expire-refund'], provider: ['refund', 'deliver', 'expire-refund'] },
      delivered: { client: ['release', 'dispute', 'expire-release'], provider: ['refund', 'expire-release'] },
      disputed: { client: ['release', 'seat-panel', 'expire-default'], provider: ['refund', 'seat-panel', 'expire-default'] },
      panel: { client: ['release', 'expire-default'], provider: ['refund', 'expire-default'] },
      settled: { client: [], provider: [] },
    }
    expect({ client: exits('client'), provider: exits('provider') }).toEqual(expected[phase])
  })

  it('shows an exit as open exactly when the move would be taken', () => {
    const times = [
      startMs,
      deliverByMs,
      deliverByMs + 1,
      deliverByMs + guard,
      startMs + reviewMs,
      startMs + reviewMs + guard,
      startMs + ruleMs + guard,
    ]
    for (const phase of phases)
      for (const role of ['client', 'provider'] as const)
        for (const nowMs of times) {
          const state = stateIn(phase)
          const shown = exitsOpen(state, role, nowMs, rules).map(({ move }) => move)
          const possible = (Object.keys(moves) as MoveKind[]).filter((kind) => {
            const dated = kind === 'deliver' || kind === 'dispute' ? ({ ...moves[kind], atMs: nowMs } as EscrowMove) : moves[kind]
            const { by } = moveRules[kind]
            return (
              (by.length === 0 || by.includes(role)) &&
              /^(settled|delivered|disputed|panel)/.test(tried(state, dated, signaturesFor(kind), nowMs))
            )
          })
          expect({ phase, role, nowMs, shown: shown.toSorted() }).toEqual({ phase, role, nowMs, shown: possible.toSorted() })
        }
  })
})

describe('any sequence of moves', () => {
  const anyMicro = fc.bigInt({ min: 0n, max: amountMicro + 2n })
  const anyMove: fc.Arbitrary<EscrowMove> = fc.oneof(
    fc.constantFrom(...Object.values(moves)),
    anyMicro.map((toProviderMicro) => ({ kind: 'split', toProviderMicro }) as const),
    anyMicro.map((micro) => ({ kind: 'release', receipt: receiptOf(opened(), micro) }) as const),
    anyMicro.map((micro) => ({ ...deliver, priceMicro: micro }) as EscrowMove),
    fc.constantFrom('release', 'refund', 'half').map((outcome) => ({ kind: 'rule', outcome }) as const),
  )
  /** Mostly the right ones, or long chains would be rare. */
  const anySignatures = fc.option(fc.constantFrom(...Object.values(signers)), { freq: 2 })

  it('pays out the lock exactly once, in at most five steps', () => {
    const reached = new Set<string>()
    fc.assert(
      fc.property(fc.array(fc.tuple(anyMove, anySignatures), { maxLength: 30 }), (attempts) => {
        let state = opened()
        let paidMicro = 0n
        for (const [wanted, chosen] of attempts) {
          const move = wanted.kind === 'seat-panel' && state.dispute !== null ? seat(state) : wanted
          const result = applied(state, move, chosen ?? signaturesFor(move.kind))
          if (!result.ok) continue
          expect(state.phase).not.toBe('settled')
          state = result.value.state
          reached.add(`${move.kind} to ${state.phase}`)
          paidMicro += result.value.credits.reduce((sum, credit) => sum + credit.amountMicro, 0n)
          expect(result.value.credits).toEqual(payoutCredits(state))
        }
        expect(paidMicro).toBe(state.phase === 'settled' ? amountMicro : 0n)
        expect(state.step).toBeLessThanOrEqual(4)
      }),
      { numRuns: 300, examples: [[fullCourse]] },
    )
    expect([...reached]).toEqual(expect.arrayContaining(['rule to settled', 'seat-panel to panel', 'dispute to disputed']))
  })
  const fullCourse: [EscrowMove, null][] = [deliver, dispute, moves['seat-panel'], moves.rule].map((move) => [move, null])

  it('opens nothing from an account step of another kind', () => {
    expect(openEscrow(client.transfer(provider.id, 1n).tx)).toBeNull()
  })
})

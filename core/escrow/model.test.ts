import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuthorisationRole, EscrowMove, EscrowPhase, EscrowState } from '../settlement/objects.ts'
import { guardMs } from '../settlement/rules.ts'
import { signReceipt } from '../settlement/signatures.ts'
import { createMember, federationId, hash, moveOf, openingOf, rules, signerOf, termsBetween } from '../settlement/testing/world.ts'
import { applyEscrowMove, exitsOf, exitsOpen, moveRules, openEscrow, payoutCredits, type MoveKind } from './model.ts'

const [client, provider] = [createMember('client'), createMember('provider')]
const startMs = 1_750_000_000_000
const terms = termsBetween(client, provider, startMs)
const { amountMicro, deliverByMs, reviewMs } = terms
const guard = guardMs(rules.limits)

const opened = (): EscrowState => {
  const state = openEscrow(openingOf(client, provider, terms).tx)
  if (state === null) throw new Error('no escrow')
  return state
}
/** A state of each phase; `disputed` and `panel` cannot be reached by moves yet. */
const stateIn = (phase: EscrowPhase): EscrowState => {
  const delivered = { ...opened(), deliveredPriceMicro: 3_000_000n, reviewByMs: startMs + reviewMs, ruleByMs: null }
  const payout = { providerMicro: amountMicro, clientMicro: 0n, by: 'release' } as const
  if (phase === 'open') return opened()
  if (phase === 'settled') return { ...opened(), phase, payout }
  return { ...delivered, phase, ruleByMs: phase === 'delivered' ? null : startMs + 120_000 }
}

const receiptOf = (state: EscrowState, priceMicro: bigint, signer = provider.signer) =>
  signReceipt(
    federationId,
    {
      escrowId: state.id,
      priceMicro,
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
  deliver: { kind: 'deliver', atMs: startMs, resultHash: hash('result'), priceMicro: 3_000_000n },
  'expire-refund': { kind: 'expire-refund' },
  dispute: { kind: 'dispute', atMs: startMs, reasonHash: hash('reason') },
  'expire-release': { kind: 'expire-release' },
  'seat-panel': { kind: 'seat-panel', shares: [] },
  'expire-default': { kind: 'expire-default' },
  rule: { kind: 'rule', outcome: 'half' },
}
const phases: readonly EscrowPhase[] = ['open', 'delivered', 'disputed', 'panel', 'settled']
const signers = { client: client.signer, provider: provider.signer, owner: client.signer, arbiter: signerOf('arbiter') }
type Signatures = readonly AuthorisationRole[]
const signedBy: readonly Signatures[] = [
  [],
  ['client'],
  ['provider'],
  ['client', 'provider'],
  ['provider', 'client'],
  ['arbiter'],
  ['owner'],
]

/** What a move does: the phase after it and what the provider is paid, or why it is refused. */
const tried = (state: EscrowState, move: EscrowMove, roles: Signatures, nowMs: number | null = null): string => {
  const order = moveOf(
    state,
    move,
    roles.map((role) => [role, signers[role]] as const),
  )
  if (order.tx.type !== 'escrow') throw new Error('not a move')
  const applied = applyEscrowMove(state, { tx: order.tx, authorisations: order.authorisations }, { rules, nowMs })
  if (!applied.ok) return applied.error.code
  const { phase, payout } = applied.value.state
  return payout === null ? phase : `${phase} ${payout.providerMicro}+${payout.clientMicro}`
}

describe('the table of moves', () => {
  // Written by hand from design.md §3.2 and settlement.md §5.2: what the right signers get in each phase.
  const whole = 'settled 5000000+0'
  const priced = 'settled 3000000+2000000'
  const back = 'settled 0+5000000'
  const split = 'settled 2000000+3000000'
  const later = 'not-supported-yet'
  const wrong = 'wrong-phase'
  const table: Readonly<Record<MoveKind, readonly [Signatures, readonly [string, string, string, string, string]]>> = {
    //                          open      delivered  disputed  panel    settled
    release: [['client'], [whole, priced, priced, priced, wrong]],
    refund: [['provider'], [back, back, back, back, wrong]],
    split: [
      ['client', 'provider'],
      [split, split, split, split, wrong],
    ],
    deliver: [['provider'], ['delivered', wrong, wrong, wrong, wrong]],
    'expire-refund': [[], [back, wrong, wrong, wrong, wrong]],
    dispute: [['client'], [wrong, later, wrong, wrong, wrong]],
    'expire-release': [[], [wrong, priced, wrong, wrong, wrong]],
    'seat-panel': [[], [wrong, wrong, later, wrong, wrong]],
    'expire-default': [[], [wrong, wrong, later, later, wrong]],
    rule: [[], [wrong, wrong, wrong, later, wrong]],
  }
  const rows = Object.entries(table).flatMap(([move, [by, results]]) =>
    phases.map((phase, at) => [move as MoveKind, phase, by, results[at] ?? ''] as const),
  )

  it.each(rows)('%s in %s signed by %j', (move, phase, by, expected) => {
    expect(tried(stateIn(phase), moves[move], by)).toBe(expected)
  })

  it.each(rows)('%s in %s is nobody else’s than %j’s', (move, phase, by, expected) => {
    const others = signedBy.filter((roles) => roles.join() !== by.join())
    const allowed = others.filter(
      (roles) => !['not-authorised', 'wrong-phase', 'not-supported-yet'].includes(tried(stateIn(phase), moves[move], roles)),
    )
    expect({ expected, allowed }).toEqual({ expected, allowed: [] })
  })

  it('takes a signature of the right role only by the right key and over this very move', () => {
    const state = opened()
    const order = moveOf(state, moves.refund, [['provider', client.signer]])
    const other = moveOf(state, { kind: 'split', toProviderMicro: 1n }, [['provider', provider.signer]])
    const apply = (authorisations: typeof order.authorisations) =>
      order.tx.type === 'escrow' && applyEscrowMove(state, { tx: order.tx, authorisations }, { rules, nowMs: null })
    expect([apply(order.authorisations), apply(other.authorisations)]).toMatchObject([
      { error: { code: 'not-authorised' } },
      { error: { code: 'not-authorised' } },
    ])
  })
})

describe('metering', () => {
  const release = (state: EscrowState, priceMicro: bigint, signer = provider.signer) =>
    tried(state, { kind: 'release', receipt: receiptOf(state, priceMicro, signer) }, ['client'])

  it('pays the price on the provider’s receipt, before the one of DELIVER, before the whole lock', () => {
    expect([release(opened(), 1n), release(stateIn('delivered'), 1n), tried(stateIn('delivered'), moves.release, ['client'])]).toEqual([
      'settled 1+4999999',
      'settled 1+4999999',
      'settled 3000000+2000000',
    ])
  })

  it('refuses a receipt above the lock, of another escrow, or not signed by the provider', () => {
    const foreign = { ...receiptOf(opened(), 1n), receipt: { ...receiptOf(opened(), 1n).receipt, escrowId: hash('other') } }
    expect([
      release(opened(), amountMicro + 1n),
      release(opened(), 1n, client.signer),
      tried(opened(), { kind: 'release', receipt: foreign }, ['client']),
      tried(opened(), { ...moves.deliver, priceMicro: amountMicro + 1n } as EscrowMove, ['provider']),
      tried(opened(), { kind: 'split', toProviderMicro: amountMicro + 1n }, ['client', 'provider']),
    ]).toEqual(['over-the-lock', 'bad-receipt', 'bad-receipt', 'over-the-lock', 'over-the-lock'])
  })
})

describe('deadlines', () => {
  const at = (phase: EscrowPhase, kind: MoveKind, nowMs: number): string => tried(stateIn(phase), moves[kind], moveRules[kind].by, nowMs)
  const deliver = (atMs: number, nowMs: number): string =>
    tried(opened(), { kind: 'deliver', atMs, resultHash: hash('result'), priceMicro: 1n }, ['provider'], nowMs)

  it('expires only after the deadline and the guard', () => {
    const reviewByMs = startMs + reviewMs
    expect([
      at('open', 'expire-refund', deliverByMs + guard - 1),
      at('open', 'expire-refund', deliverByMs + guard),
      at('delivered', 'expire-release', reviewByMs + guard - 1),
      at('delivered', 'expire-release', reviewByMs + guard),
    ]).toEqual(['too-early', 'settled 0+5000000', 'too-early', 'settled 3000000+2000000'])
  })

  it('takes a delivery until the work deadline, and only with a time that is now', () => {
    expect([
      deliver(deliverByMs, deliverByMs),
      deliver(deliverByMs, deliverByMs + 1),
      deliver(deliverByMs + 1, deliverByMs - 10),
      deliver(startMs, startMs + 15_001),
      deliver(startMs + 15_001, startMs),
    ]).toEqual(['delivered', 'too-late', 'too-late', 'too-late', 'too-early'])
  })

  it('does not look at the clock once a certificate vouches for the time', () => {
    expect([at('open', 'expire-refund', startMs), tried(opened(), moves['expire-refund'], [])]).toEqual(['too-early', 'settled 0+5000000'])
  })
})

describe('chains', () => {
  it('refuses a move of another step, another predecessor, another escrow or another committee', () => {
    const state = opened()
    const order = moveOf(state, moves.refund, [['provider', provider.signer]])
    if (order.tx.type !== 'escrow') throw new Error('not a move')
    const { tx } = order
    const other = { ...tx.governance, epoch: 1 }
    const codes = [
      { ...tx, step: 2 },
      { ...tx, previousHash: hash('other') },
      { ...tx, objectId: hash('other') },
      { ...tx, governance: other },
      { ...tx, next: other },
    ].map((changed) => {
      const applied = applyEscrowMove(state, { tx: changed, authorisations: order.authorisations }, { rules, nowMs: null })
      return applied.ok ? 'accepted' : applied.error.code
    })
    expect(codes).toEqual(['wrong-step', 'wrong-previous', 'wrong-object', 'wrong-governance', 'wrong-governance'])
  })
})

describe('exits', () => {
  it.each(['open', 'delivered'] as const)('leaves %s by moves that need nobody else, for each side', (phase) => {
    const exits = (role: 'client' | 'provider') =>
      exitsOf(stateIn(phase), role, rules.limits)
        .filter(({ alone }) => alone)
        .map(({ move }) => move)
    const expected = {
      open: { client: ['release', 'expire-refund'], provider: ['refund', 'deliver', 'expire-refund'] },
      delivered: { client: ['release', 'expire-release'], provider: ['refund', 'expire-release'] },
    }
    expect({ client: exits('client'), provider: exits('provider') }).toEqual(expected[phase])
  })

  it('shows an exit as open exactly when the move would be taken', () => {
    const times = [startMs, deliverByMs, deliverByMs + 1, deliverByMs + guard, startMs + reviewMs + guard]
    for (const phase of ['open', 'delivered', 'settled'] as const)
      for (const role of ['client', 'provider'] as const)
        for (const nowMs of times) {
          const state = stateIn(phase)
          const shown = exitsOpen(state, role, nowMs, rules.limits).map(({ move }) => move)
          const possible = (Object.keys(moves) as MoveKind[]).filter((kind) => {
            const move: EscrowMove = kind === 'deliver' ? { kind, atMs: nowMs, resultHash: hash('result'), priceMicro: 1n } : moves[kind]
            const { by } = moveRules[kind]
            return (by.length === 0 || by.includes(role)) && /^(settled|delivered)/.test(tried(state, move, by, nowMs))
          })
          expect({ phase, role, nowMs, shown: shown.toSorted() }).toEqual({ phase, role, nowMs, shown: possible.toSorted() })
        }
  })
})

describe('any sequence of moves', () => {
  const anyMove: fc.Arbitrary<EscrowMove> = fc.oneof(
    fc.constantFrom(...Object.values(moves)),
    fc.bigInt({ min: 0n, max: amountMicro + 2n }).map((toProviderMicro) => ({ kind: 'split', toProviderMicro }) as const),
    fc
      .bigInt({ min: 0n, max: amountMicro + 2n })
      .map((priceMicro) => ({ kind: 'release', receipt: receiptOf(opened(), priceMicro) }) as const),
    fc
      .bigInt({ min: 0n, max: amountMicro + 2n })
      .map((priceMicro) => ({ kind: 'deliver', atMs: startMs, resultHash: hash('r'), priceMicro }) as const),
  )
  const anySignatures = fc.constantFrom(...signedBy)

  it('pays out the lock exactly once, in at most five steps', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyMove, anySignatures), { maxLength: 30 }), (attempts) => {
        let state = opened()
        let paidMicro = 0n
        for (const [move, roles] of attempts) {
          const order = moveOf(
            state,
            move,
            roles.map((role) => [role, signers[role]] as const),
          )
          if (order.tx.type !== 'escrow') throw new Error('not a move')
          const applied = applyEscrowMove(state, { tx: order.tx, authorisations: order.authorisations }, { rules, nowMs: null })
          if (!applied.ok) continue
          expect(state.phase).not.toBe('settled')
          state = applied.value.state
          paidMicro += applied.value.credits.reduce((sum, credit) => sum + credit.amountMicro, 0n)
          expect(applied.value.credits).toEqual(payoutCredits(state))
        }
        expect(paidMicro).toBe(state.phase === 'settled' ? amountMicro : 0n)
        expect(state.step).toBeLessThanOrEqual(5)
      }),
      { numRuns: 200 },
    )
  })
})

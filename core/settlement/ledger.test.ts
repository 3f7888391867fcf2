import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes } from '../platform/bytes.ts'
import type { Driver } from './driver-port.ts'
import type { AuthorisedTx, Credit, Decree, EscrowMove, EscrowState, AuthorisationRole } from './objects.ts'
import {
  createMember,
  createWorld,
  decided,
  hash,
  moveOf,
  openingOf,
  passTime,
  rules,
  termsBetween,
  type Member,
  type World,
} from './testing/world.ts'
import { provenCredits, replayEscrow } from './verify.ts'

/**
 * Random members do random things, sensible or not, over four real witnesses of which one is down at any time. A ledger of plain
 * sums says what should have happened.
 */
const shares = [500n, 300n, 200n] as const
const supplyMicro = 1_000n
const names = ['alice', 'bob', 'carol'] as const

const oracleMoves = ['release', 'refund', 'split', 'deliver', 'expire-refund', 'expire-release'] as const
type OracleMove = (typeof oracleMoves)[number]
type MoveCommand = {
  readonly kind: 'move'
  readonly escrow: number
  readonly move: OracleMove
  readonly amountMicro: bigint
  readonly signers: number
}
type Command =
  | { readonly kind: 'transfer'; readonly from: number; readonly to: number; readonly amountMicro: bigint; readonly lieMicro: bigint }
  | { readonly kind: 'open'; readonly from: number; readonly to: number; readonly amountMicro: bigint }
  | MoveCommand
  | { readonly kind: 'wait'; readonly forMs: number }

const anyMember = fc.nat({ max: names.length - 1 })
const anyAmount = fc.bigInt({ min: 0n, max: 600n })
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('transfer' as const),
    from: anyMember,
    to: anyMember,
    amountMicro: anyAmount,
    lieMicro: fc.constantFrom(0n, 0n, 0n, 1n),
  }),
  fc.record({ kind: fc.constant('open' as const), from: anyMember, to: anyMember, amountMicro: anyAmount }),
  fc.record({
    kind: fc.constant('move' as const),
    escrow: fc.nat({ max: 3 }),
    move: fc.constantFrom(...oracleMoves),
    amountMicro: anyAmount,
    signers: fc.nat({ max: 3 }),
  }),
  fc.record({ kind: fc.constant('wait' as const), forMs: fc.constantFrom(1_000, 61_500) }),
)

type Oracle = { readonly balances: bigint[]; readonly escrows: OracleEscrow[] }
type OracleEscrow = {
  readonly client: number
  readonly provider: number
  readonly amountMicro: bigint
  readonly deliverByMs: number
  phase: 'open' | 'delivered' | 'settled'
  priceMicro: bigint
  reviewByMs: number
}

/** The rules once more, as bookkeeping: who signs, when it counts, and what the provider gets; 'later' for a delivery. */
type Ruling = {
  readonly by: (typeof signerSets)[number]
  readonly counts: (escrow: OracleEscrow, amountMicro: bigint, nowMs: number) => boolean
  readonly pays: (escrow: OracleEscrow, amountMicro: bigint) => bigint | 'later'
}
const signerSets = ['nobody', 'client', 'provider', 'both'] as const
const guardMs = 2 * rules.limits.maxClockSkewMs
const rulings: Readonly<Record<OracleMove, Ruling>> = {
  release: { by: 'client', counts: () => true, pays: ({ priceMicro }) => priceMicro },
  refund: { by: 'provider', counts: () => true, pays: () => 0n },
  split: { by: 'both', counts: (escrow, amountMicro) => amountMicro <= escrow.amountMicro, pays: (_, amountMicro) => amountMicro },
  deliver: {
    by: 'provider',
    counts: (escrow, amountMicro, nowMs) => escrow.phase === 'open' && amountMicro <= escrow.amountMicro && nowMs <= escrow.deliverByMs,
    pays: () => 'later',
  },
  'expire-refund': {
    by: 'nobody',
    counts: ({ phase, deliverByMs }, _, nowMs) => phase === 'open' && nowMs >= deliverByMs + guardMs,
    pays: () => 0n,
  },
  'expire-release': {
    by: 'nobody',
    counts: ({ phase, reviewByMs }, _, nowMs) => phase === 'delivered' && nowMs >= reviewByMs + guardMs,
    pays: ({ priceMicro }) => priceMicro,
  },
}
const paidBy = (escrow: OracleEscrow, { move, amountMicro, signers }: MoveCommand, nowMs: number): bigint | 'later' | null => {
  const { by, counts, pays } = rulings[move]
  return escrow.phase !== 'settled' && signerSets[signers] === by && counts(escrow, amountMicro, nowMs) ? pays(escrow, amountMicro) : null
}

type Run = {
  readonly world: World
  readonly driver: Driver
  readonly members: readonly Member[]
  readonly oracle: Oracle
  readonly decide: (order: AuthorisedTx, supporting: readonly Decree[]) => Promise<Decree | null>
  /** Each escrow's chain so far. */
  readonly chains: Decree[][]
}

const waiting = async (
  { world, members, driver }: Run,
  who: number,
): Promise<{ readonly credits: readonly Credit[]; readonly proofs: readonly Decree[] }> => {
  const member = members[who] as Member
  const proofs = decided(await passTime(world.clock, driver.fetchInbox(member.id)))
  const context = { rules, genesisCredits: world.genesis }
  const proven = decided(provenCredits(proofs, context)).map(({ credit }) => credit)
  const credits = [...world.genesis, ...proven].filter((credit) => equalBytes(credit.account, member.id) && !member.hasClaimed(credit))
  return { proofs, credits }
}

const transfer = async (run: Run, command: Extract<Command, { kind: 'transfer' }>): Promise<void> => {
  const { oracle, members, decide } = run
  const { from, to, amountMicro, lieMicro } = command
  const { credits, proofs } = await waiting(run, from)
  const payer = members[from] as Member
  if (amountMicro > (oracle.balances[from] ?? 0n)) return
  const order = payer.transfer((members[to] as Member).id, amountMicro - lieMicro < 0n ? 0n : amountMicro - lieMicro, credits)
  const lying =
    lieMicro > 0n ? { ...order, tx: { ...order.tx, body: { ...order.tx.body, freeAfterMicro: order.tx.body.freeAfterMicro + 1n } } } : order
  const decree = await decide(lying, proofs)
  const counts = from !== to && amountMicro > 0n && lieMicro === 0n && (payer.state().step >= 0 || credits.length > 0)
  expect({ command, decided: decree !== null }).toEqual({ command, decided: counts })
  if (decree === null) return
  payer.follow(decree)
  oracle.balances[from] = (oracle.balances[from] ?? 0n) - amountMicro
  oracle.balances[to] = (oracle.balances[to] ?? 0n) + amountMicro
}

const open = async (run: Run, command: Extract<Command, { kind: 'open' }>): Promise<void> => {
  const { oracle, members, decide, world, chains } = run
  const { from, to, amountMicro } = command
  const { credits, proofs } = await waiting(run, from)
  if (amountMicro > (oracle.balances[from] ?? 0n)) return
  const [client, provider] = [members[from] as Member, members[to] as Member]
  const nonce = new Uint8Array(16).fill(chains.length)
  const terms = termsBetween(client, provider, world.clock.nowMs(), { amountMicro, nonce })
  const decree = await decide(openingOf(client, provider, terms, credits), proofs)
  const counts = from !== to && amountMicro > 0n && (client.state().step >= 0 || credits.length > 0)
  expect({ command, decided: decree !== null }).toEqual({ command, decided: counts })
  if (decree === null) return
  client.follow(decree)
  oracle.balances[from] = (oracle.balances[from] ?? 0n) - amountMicro
  oracle.escrows.push({
    client: from,
    provider: to,
    amountMicro,
    deliverByMs: terms.deliverByMs,
    phase: 'open',
    priceMicro: amountMicro,
    reviewByMs: 0,
  })
  chains.push([decree])
}

const bodyOf = (kind: EscrowMove['kind'], amountMicro: bigint, nowMs: number): EscrowMove => {
  if (kind === 'release') return { kind, receipt: null }
  if (kind === 'split') return { kind, toProviderMicro: amountMicro }
  if (kind === 'deliver') return { kind, atMs: nowMs, resultHash: hash('result'), priceMicro: amountMicro, recused: [] }
  return { kind } as EscrowMove
}

const move = async (run: Run, command: MoveCommand): Promise<void> => {
  const { oracle, members, decide, world, chains } = run
  const at = command.escrow % Math.max(1, chains.length)
  const [escrow, chain] = [oracle.escrows[at], chains[at]]
  if (escrow === undefined || chain === undefined) return
  const context = { rules, genesisCredits: world.genesis }
  const state: EscrowState = decided(replayEscrow(chain, context))
  const roles: Readonly<Record<(typeof signerSets)[number], readonly AuthorisationRole[]>> = {
    nobody: [],
    client: ['client'],
    provider: ['provider'],
    both: ['client', 'provider'],
  }
  const signers = roles[signerSets[command.signers] ?? 'nobody'].map(
    (role) => [role, (members[role === 'client' ? escrow.client : escrow.provider] as Member).signer] as const,
  )
  const nowMs = world.clock.nowMs()
  const body = bodyOf(command.move, command.amountMicro, nowMs)
  const decree = await decide(moveOf(state, body, signers), chain)
  const paid = paidBy(escrow, command, nowMs)
  expect({ command, decided: decree !== null }).toEqual({ command, decided: paid !== null })
  if (decree === null || paid === null) return
  chain.push(decree)
  if (paid === 'later') {
    escrow.phase = 'delivered'
    escrow.priceMicro = command.amountMicro
    escrow.reviewByMs = nowMs + state.terms.reviewMs
    return
  }
  escrow.phase = 'settled'
  oracle.balances[escrow.provider] = (oracle.balances[escrow.provider] ?? 0n) + paid
  oracle.balances[escrow.client] = (oracle.balances[escrow.client] ?? 0n) + escrow.amountMicro - paid
}

/** What each member has, free and waiting, from the certified chains alone. */
const balancesOf = async (run: Run): Promise<readonly bigint[]> => {
  const balances: bigint[] = []
  for (const [who, member] of run.members.entries()) {
    const { credits } = await waiting(run, who)
    balances.push(credits.reduce((sum, { amountMicro }) => sum + amountMicro, member.state().freeMicro))
  }
  return balances
}

describe('any sequence of commands', () => {
  it('does what a plain ledger says, and keeps the supply', { timeout: 120_000 }, async () => {
    const anyRun = fc.array(fc.tuple(anyCommand, fc.nat({ max: 4 })), { minLength: 4, maxLength: 14 })
    await fc.assert(
      fc.asyncProperty(anyRun, async (commands) => {
        const members = names.map((name) => createMember(name))
        const world = createWorld(members.map((member, who) => [member, shares[who] ?? 0n] as const))
        const driver = world.driverOf('driver')
        const decide = async (order: AuthorisedTx, supporting: readonly Decree[]) => {
          const result = await passTime(world.clock, driver.decide(order, supporting, { timeoutMs: 600_000 }), 1)
          return result.ok ? result.value : null
        }
        const run: Run = { world, driver, members, oracle: { balances: [...shares], escrows: [] }, decide, chains: [] }
        try {
          for (const [command, down] of commands) {
            world.network.setFaults(({ from, to }) => (from === `witness-${down}` || to === `witness-${down}` ? 'drop' : 'deliver'))
            if (command.kind === 'transfer') await transfer(run, command)
            else if (command.kind === 'open') await open(run, command)
            else if (command.kind === 'move') await move(run, command)
            else world.clock.advance(command.forMs)
          }
          const { balances, escrows } = run.oracle
          const locked = escrows.filter(({ phase }) => phase !== 'settled').reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
          expect(await balancesOf(run)).toEqual(balances)
          expect(balances.reduce((sum, balance) => sum + balance, locked)).toBe(supplyMicro)
        } finally {
          world.close()
        }
      }),
      { numRuns: 30 },
    )
  })
})

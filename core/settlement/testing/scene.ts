import { openEscrow } from '../../escrow/model.ts'
import { equalBytes } from '../../platform/bytes.ts'
import type { DecideFailure, Driver } from '../driver-port.ts'
import type { AuthorisationRole, AuthorisedTx, Credit, Decree, EscrowMove, EscrowState } from '../objects.ts'
import { provenCredits, type VerifyContext } from '../verify.ts'
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
} from './world.ts'

/** Alice owns the supply, Bob works for her, and four witnesses settle what they do. */
export type Scene = {
  readonly world: World
  readonly alice: Member
  readonly bob: Member
  readonly driver: Driver
  readonly verifying: VerifyContext
  readonly creditsOf: (decrees: readonly Decree[]) => readonly Credit[]
  /** Decides an order and lets the member it belongs to take it in; throws what a person would read when it fails. */
  readonly settle: (order: AuthorisedTx, supporting?: readonly Decree[]) => Promise<Decree>
  /** The same, but no witness hears that it was decided: the member's node dies with the certificate in its hands. */
  readonly settleUnheard: (order: AuthorisedTx) => Promise<Decree>
  readonly failureOf: (order: AuthorisedTx, supporting?: readonly Decree[], timeoutMs?: number) => Promise<DecideFailure | null>
  /** The witnesses' reason for refusing, another failure's code, or 'decided'. */
  readonly reasonOf: (order: AuthorisedTx, supporting?: readonly Decree[]) => Promise<string>
  /** Opens an escrow of 5 RUV. */
  readonly openBetween: () => Promise<{ readonly opening: Decree; readonly state: EscrowState }>
  readonly move: (state: EscrowState, body: EscrowMove, roles: readonly AuthorisationRole[]) => AuthorisedTx
  readonly deliverNow: (priceMicro: bigint) => EscrowMove
}

/** Notarize, finalize; what a driver sends after that informs. */
const roundTrips = 2

export const createScene = (): Scene => {
  const [alice, bob] = [createMember('alice'), createMember('bob')]
  const world = createWorld([[alice, 100_000_000n]])
  const driver = world.driverOf('member')
  const verifying = { rules, genesisCredits: world.genesis }
  const attempt = (order: AuthorisedTx, supporting: readonly Decree[] = [], timeoutMs = 60_000) =>
    passTime(world.clock, driver.decide(order, supporting, { timeoutMs }))

  const settle: Scene['settle'] = async (order, supporting) => {
    const decree = decided(await attempt(order, supporting))
    const owner = [alice, bob].find(({ id }) => equalBytes(id, order.tx.objectId))
    if (owner !== undefined && decree.tx.step > owner.state().step) owner.follow(decree)
    return decree
  }
  const settleUnheard: Scene['settleUnheard'] = async (order) => {
    const asked = new Map<string, number>()
    world.network.setFaults(({ kind, to }) => {
      if (kind !== 'request') return 'deliver'
      asked.set(to, (asked.get(to) ?? 0) + 1)
      return (asked.get(to) ?? 0) > roundTrips ? 'drop' : 'deliver'
    })
    const decree = await settle(order)
    await passTime(world.clock, new Promise<void>((resolve) => void world.clock.after(1_000, resolve)))
    world.network.setFaults(null)
    return decree
  }
  const failureOf: Scene['failureOf'] = async (order, supporting, timeoutMs) => {
    const result = await attempt(order, supporting, timeoutMs)
    return result.ok ? null : result.error
  }

  return {
    world,
    alice,
    bob,
    driver,
    verifying,
    creditsOf: (decrees) => decided(provenCredits(decrees, verifying)).map(({ credit }) => credit),
    settle,
    settleUnheard,
    failureOf,
    reasonOf: async (order, supporting) => {
      const failure = await failureOf(order, supporting)
      return failure?.code === 'refused' ? failure.reason : (failure?.code ?? 'decided')
    },
    openBetween: async () => {
      const terms = termsBetween(alice, bob, world.clock.nowMs())
      const order = openingOf(alice, bob, terms, alice.state().step < 0 ? world.genesis : [])
      const [opening, state] = [await settle(order), openEscrow(order.tx)]
      if (state === null) throw new Error('no escrow')
      return { opening, state }
    },
    move: (state, body, roles) =>
      moveOf(
        state,
        body,
        roles.map((role) => [role, role === 'client' ? alice.signer : bob.signer] as const),
      ),
    deliverNow: (priceMicro) => ({ kind: 'deliver', atMs: world.clock.nowMs(), resultHash: hash('result'), priceMicro, recused: [] }),
  }
}

import { toHex } from '../platform/bytes.ts'
import { ok, type Result } from '../platform/result.ts'
import { maxPlaces, type RegisterId } from './bundle.ts'
import type { FetchFailure } from './driver-port.ts'
import { maxClaims, txHash } from './encoding.ts'
import { askPatiently, fetchUnion, learnEpochs, pullFromQuorum, type Ask } from './fetch.ts'
import type { AccountId, AuthorisedTx, Bytes32, CreditId, Decree, Witness } from './objects.ts'
import { verifyAuthorisation } from './signatures.ts'

/** What a member asks for that comes back with less than it had, and what others ask about its devices. */

/** An answer of more than f witnesses is one of an honest witness. */
const believedBy = ({ epochs }: Ask): number => epochs.newest().committee.faults + 1

export const fetchKeys = async (ask: Ask, account: AccountId): Promise<Result<readonly Bytes32[], FetchFailure>> => {
  const pulled = await pullFromQuorum(ask, async (witness) => {
    const answer = await askPatiently(ask, witness, { kind: 'fetch-keys', account })
    return answer?.kind === 'keys' ? answer.keys : null
  })
  if (!pulled.ok) return pulled
  const keys = new Map(pulled.value.flat().map((key) => [toHex(key), key]))
  const votesFor = (name: string): number => pulled.value.filter((said) => said.some((key) => toHex(key) === name)).length
  return ok([...keys].flatMap(([name, key]) => (votesFor(name) >= believedBy(ask) ? [key] : [])))
}

export const fetchCredits = async (ask: Ask, credits: readonly CreditId[]): Promise<Result<readonly Decree[], FetchFailure>> => {
  const found: Decree[] = []
  for (let at = 0; at < credits.length; at += creditsAtOnce) {
    const page = credits.slice(at, at + creditsAtOnce)
    const fetched = await fetchUnion(ask, () => ({ kind: 'fetch-credits', credits: page }))
    if (!fetched.ok) return fetched
    found.push(...fetched.value)
  }
  return ok(found)
}
/** Each may need the five decrees of an escrow, and a page has room for some sixty. */
const creditsAtOnce = Math.min(8, maxClaims)

export const fetchEscrows = (ask: Ask, provider: AccountId): Promise<Result<readonly Decree[], FetchFailure>> =>
  fetchUnion(ask, (after) => ({ kind: 'fetch-escrows', provider, after }))

export const fetchTimes = async (ask: Ask, decrees: readonly Decree[]): Promise<Result<ReadonlyMap<string, number>, FetchFailure>> => {
  if (decrees.length === 0) return ok(new Map())
  const pulled = await pullFromQuorum(ask, (witness) => timesBy(ask, witness, decrees))
  if (!pulled.ok) return pulled
  const times = new Map<string, number>()
  decrees.forEach(({ tx }, index) => {
    const said = pulled.value.flatMap((one) => one[index] ?? []).toSorted((a, b) => a - b)
    const earliest = said[believedBy(ask) - 1]
    if (earliest !== undefined) times.set(toHex(txHash(tx)), earliest)
  })
  return ok(times)
}

const timesBy = async (ask: Ask, witness: Witness, decrees: readonly Decree[]): Promise<readonly (number | null)[] | null> => {
  const times: (number | null)[] = []
  for (let at = 0; at < decrees.length; at += maxPlaces) {
    const places = decrees.slice(at, at + maxPlaces).map(({ tx }) => ({ object: tx.objectId, step: tx.step }))
    const answer = await askPatiently(ask, witness, { kind: 'fetch-times', places })
    if (answer?.kind !== 'times' || answer.times.length !== places.length) return null
    times.push(...answer.times)
  }
  return times
}

/**
 * Shows the witnesses nothing and hears what they have of the register. Needs q of them, and waits a moment for the others: an order
 * that went out just before a crash may have reached one alone.
 */
export const fetchUndecided = async (ask: Ask, register: RegisterId): Promise<Result<readonly AuthorisedTx[], FetchFailure>> => {
  const heard = await hearUndecided(ask, register)
  // They may all have closed for a committee that is not known here.
  return heard.ok || !(await learnEpochs(ask)) ? heard : hearUndecided(ask, register)
}

const hearUndecided = async (ask: Ask, register: RegisterId): Promise<Result<readonly AuthorisedTx[], FetchFailure>> => {
  const nothing = { orders: [], votes: [], proposals: [], carried: [], decrees: [], wantSkip: false }
  const asked: Promise<unknown>[] = []
  const seen: AuthorisedTx[] = []
  // A committee that has closed says nothing more of it; what it left open was handed to the newest one.
  const newest = { ...register, governance: { ...register.governance, epoch: ask.epochs.newest().committee.epoch } }
  const registers = newest.governance.epoch === register.governance.epoch ? [register] : [register, newest]
  const askOne = async (witness: Witness): Promise<true | null> => {
    const answers = await Promise.all(registers.map((one) => askPatiently(ask, witness, { kind: 'exchange', register: one, ...nothing })))
    for (const answer of answers) if (answer?.kind === 'open') seen.push(...answer.orders)
    return answers.some((answer) => answer !== null && answer.kind !== 'refused') ? true : null
  }
  const pulled = await pullFromQuorum(ask, (witness) => {
    const answer = askOne(witness)
    asked.push(answer)
    return answer
  })
  if (!pulled.ok) return pulled
  await Promise.race([Promise.all(asked), new Promise<void>((resolve) => void ask.clock.after(lateAnswersMs, resolve))])
  const isSigned = ({ tx, authorisations }: AuthorisedTx): boolean => authorisations.every((one) => verifyAuthorisation(tx, one))
  return ok([...new Map(seen.filter(isSigned).map((order) => [toHex(txHash(order.tx)), order])).values()])
}
/** Several round trips of a slow line. */
const lateAnswersMs = 1_000

import { equalBytes, fromHex } from '../platform/bytes.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import type { Driver, FetchOptions } from '../settlement/driver-port.ts'
import { txHash } from '../settlement/encoding.ts'
import type { AccountId, CreditId, Decree, ObjectId } from '../settlement/objects.ts'
import { affairsOf, inOrder, type Affair } from './history.ts'
import type { WalletStore } from './store.ts'
import type { TimeBook } from './time-book.ts'

export type CatchUpDeps = {
  readonly store: WalletStore
  readonly driver: Driver
  readonly accountId: AccountId
  readonly times: TimeBook
  readonly log: Log
  readonly signal: AbortSignal
  /** The next own step. */
  readonly adopt: (decree: Decree) => void
  /** A transfer to this account, or an escrow's steps. */
  readonly receive: (affair: Affair) => void
}

/**
 * Brings the wallet to the newest certified head: after a minute it is a credit or two, after the loss of the disk everything. Own
 * steps come from the account's chain; who paid for what they claim, what became of the escrows they opened, and when all that was,
 * from the same witnesses.
 */
export const createCatchUp = (deps: CatchUpDeps): (() => Promise<Result<null, Failure<'no-quorum'>>>) => {
  const { store, driver, accountId, times } = deps
  const options = (): FetchOptions => ({ signal: deps.signal, epoch: store.state().account.governance.epoch })

  /** What explains own steps that were made elsewhere. Without it the history only says less. */
  const background = async (chain: readonly Decree[]): Promise<readonly Decree[]> => {
    const claims = chain.flatMap(({ tx }) => (tx.type === 'account' ? tx.body.claims : []))
    const unknown: readonly CreditId[] = claims.filter((id) => !store.hasCredit(id))
    const proofs = unknown.length === 0 ? ok([]) : await driver.fetchCredits(unknown, options())
    if (!proofs.ok) deps.log.write('warn', 'credits-not-explained', { reason: proofs.error.message })
    return [...(proofs.ok ? proofs.value : []), ...(await escrowsOpenedIn(chain))]
  }
  const escrowsOpenedIn = async (chain: readonly Decree[]): Promise<readonly Decree[]> => {
    const opened = chain.flatMap(({ tx }) => (tx.type === 'account' && tx.body.operation.kind === 'open-escrow' ? [txHash(tx)] : []))
    const found: Decree[] = []
    for (let at = 0; at < opened.length; at += fetchedAtOnce)
      found.push(...(await Promise.all(opened.slice(at, at + fetchedAtOnce).map(stepsOf))).flat())
    return found
  }
  const stepsOf = async (escrow: ObjectId): Promise<readonly Decree[]> => {
    const fetched = await driver.fetchObject(escrow, 0, options())
    return fetched.ok ? fetched.value : []
  }
  const learnTimes = async (decrees: readonly Decree[]): Promise<void> => {
    const fetched = await driver.fetchTimes(decrees, options())
    times.note(decrees, fetched.ok ? fetched.value : new Map())
  }
  const isNews = ({ credits }: Affair): boolean => !credits.some((id) => store.hasCredit(id))

  return async () => {
    const [chain, inbox] = await Promise.all([
      driver.fetchObject(accountId, store.state().account.step + 1, options()),
      driver.fetchInbox(accountId, options()),
    ])
    if (!chain.ok || !inbox.ok) return fail('no-quorum', 'Not enough witnesses answered. Check the connection and try again.')
    const affairs = affairsOf([...inbox.value, ...(await background(chain.value))]).filter(isNews)
    const news = [...chain.value, ...affairs.flatMap(({ decrees }) => decrees)]
    if (news.length > 0) await learnTimes(news)
    const timeOf = (hash: string): number | null => times.of(fromHex(hash))
    for (const item of inOrder(chain.value, affairs, timeOf)) {
      if ('credits' in item) deps.receive(item)
      else if (item.tx.step === store.state().account.step + 1 && equalBytes(item.tx.objectId, accountId)) deps.adopt(item)
    }
    times.forget()
    return ok(null)
  }
}

/** So that neither witnesses nor memory are flooded. */
const fetchedAtOnce = 16

import type { Signer } from '../identity/signing.ts'
import type { AmountMicro } from '../platform/amount.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { fail, ok, type Failure, type Result } from '../platform/result.ts'
import { creditsOfAccountTx, initialAccount } from '../settlement/account.ts'
import { verifyDecree } from '../settlement/certificate.ts'
import type { Driver } from '../settlement/driver-port.ts'
import { accountIdOf, birthOf } from '../settlement/account-id.ts'
import type {
  AccountId,
  AccountOperation,
  AccountState,
  Bytes32,
  Credit,
  CreditId,
  Decree,
  EscrowState,
  EscrowTerms,
  Signature,
  TxHash,
} from '../settlement/objects.ts'
import type { SettlementRules } from '../settlement/rules.ts'
import type { Database } from '../storage/database.ts'
import { createInviteStore } from './invite-store.ts'
import { createCatchUp } from './catching-up.ts'
import { createLedger } from './ledger.ts'
import { balancesOf, type Balances } from './model.ts'
import { createWalletStore, type Pending } from './store.ts'
import { createTimeBook } from './time-book.ts'
import { createAccountWriter, type SpendFailure } from './writer.ts'

export type WalletDeps = {
  readonly db: Database
  readonly signer: Signer
  /** The key the account was born with; only differs from the signer's after a rotation or on a second device. */
  readonly firstKey?: Bytes32
  readonly rules: SettlementRules
  /** All credits of the genesis document; those of this account are taken in. */
  readonly genesisCredits: readonly Credit[]
  /** When they came to be. */
  readonly foundedAtMs?: number
  readonly driver: Driver
  readonly clock: Clock
  readonly log: Log
  /** Tells the payee about a final payment, if its node is known; must not throw. */
  readonly announce: (decree: Decree) => void
}

/** What the escrows do with facts the wallet comes across. */
export type EscrowIntake = {
  /** This account opened an escrow. Runs inside the wallet's transaction. */
  readonly opened: (decree: Decree) => void
  /** Decrees of escrows that may be this account's, each after its opening; not yet verified. */
  readonly found: (decrees: readonly Decree[]) => void
}

/** What the list of devices does with the chain's words about them. Runs inside the wallet's transaction; a time is null when nobody knows it. */
export type DeviceIntake = {
  readonly linked: (key: Bytes32, atMs: number | null) => void
  readonly revoked: (key: Bytes32, atMs: number | null) => void
}

export type WalletSummary = Balances & { readonly revision: number; readonly accountId: AccountId; readonly step: number }
export type Wallet = ReturnType<typeof buildWallet>

/** Opens the wallet of this database; refuses a database that belongs to another account. Call `resume` next. */
export const createWallet = (deps: WalletDeps): Result<Wallet, Failure<'other-account'>> => {
  const store = createWalletStore(deps.db)
  const firstKey = deps.firstKey ?? deps.signer.publicKey
  if (store.hasAccount() && !equalBytes(store.state().account.id, accountIdOf(birthOf(deps.rules.federationId), firstKey)))
    return fail(
      'other-account',
      'This data folder belongs to another account. Choose another folder, or restore the account it was made for.',
    )
  return ok(buildWallet(deps, firstKey))
}

const buildWallet = (deps: WalletDeps, firstKey: Bytes32) => {
  const { rules, clock, log } = deps
  const store = createWalletStore(deps.db)
  const birth = birthOf(rules.federationId)
  const accountId = accountIdOf(birth, firstKey)
  const stopping = new AbortController()
  const listeners = new Set<(revision: number) => void>()
  let escrows: EscrowIntake | null = null
  let devices: DeviceIntake | null = null

  const changed = (): void => {
    const { revision } = store.state()
    for (const listener of listeners) listener(revision)
  }
  const times = createTimeBook(clock)
  const ledger = createLedger(store, createInviteStore(deps.db), times.of, {
    opened: (decree) => escrows?.opened(decree),
    linked: (key, atMs) => devices?.linked(key, atMs),
    revoked: (key, atMs) => devices?.revoked(key, atMs),
  })
  const firstCredits = deps.genesisCredits.filter(({ account }) => equalBytes(account, accountId))
  if (!store.hasAccount()) {
    deps.db.transaction(() => {
      store.open(initialAccount(birth, firstKey))
      for (const credit of firstCredits) ledger.takeGenesis(credit, deps.foundedAtMs ?? clock.nowMs())
    })
  }
  store.assertHistory()

  const receive = (decree: Decree): Result<'credited' | 'known' | 'not-mine', Failure<'bad-certificate'>> => {
    if (!verifyDecree(decree, rules.epochs)) return badCertificate
    const { tx } = decree
    const mine = tx.type === 'account' ? creditsOfAccountTx(tx).filter(({ account }) => equalBytes(account, accountId)) : []
    if (mine.length === 0) return ok('not-mine')
    const unknown = mine.filter(({ id }) => !store.hasCredit(id))
    if (unknown.length === 0) return ok('known')
    store.transaction(() => {
      for (const credit of unknown) ledger.takeTransfer(credit, decree)
    })
    changed()
    return ok('credited')
  }

  const writer = createAccountWriter({
    ...deps,
    store,
    ledger,
    signal: stopping.signal,
    catchUp: createCatchUp({
      ...deps,
      store,
      accountId,
      times,
      signal: stopping.signal,
      adopt: (decree) => writer.adopt(decree),
      receive: ({ decrees }) => {
        const [first, ...others] = decrees
        const isTransfer = first !== undefined && others.length === 0
        const received = isTransfer ? receive(first) : null
        if (received?.ok === false) log.write('warn', 'inbox-decree-refused', { reason: received.error.code })
        if (!isTransfer) escrows?.found(decrees)
      },
    }),
    waits: changed,
    decided: (decree) => {
      changed()
      if (decree.tx.type === 'account' && creditsOfAccountTx(decree.tx).length > 0) deps.announce(decree)
    },
  })

  const poll = createPoll(deps, () => writer.catchUp())

  return {
    accountId,
    summary: (): WalletSummary => {
      const { account, lockedMicro, revision } = store.state()
      const facts = {
        freeMicro: account.freeMicro,
        unclaimedMicro: store.unclaimedMicro(),
        lockedMicro,
        pending: pendingOperation(store.pending()),
      }
      return { ...balancesOf(facts), revision, accountId, step: account.step }
    },
    /** Every movement, newest first, below the row id; null begins. */
    history: store.movements,
    /** The same without claims, which move nothing in or out. */
    payments: store.payments,
    paymentCount: store.paymentCount,
    pending: (): Pending | null => store.pending(),

    submit: (operation: AccountOperation, requestId: string | null = null) => writer.submit(operation, requestId),
    transfer: (
      to: AccountId,
      amountMicro: AmountMicro,
      memo: string,
      requestId: string | null = null,
    ): Promise<Result<Decree, SpendFailure>> => writer.submit({ kind: 'transfer', to, amountMicro, memo }, requestId),
    /** The escrow's id is the hash of the decree's transaction. */
    openEscrow: (terms: EscrowTerms, acceptSignature: Signature, requestId: string | null = null): Promise<Result<Decree, SpendFailure>> =>
      writer.submit({ kind: 'open-escrow', terms, acceptSignature }, requestId),

    /** Someone shows a decree that may pay this account. Idempotent; trusts nothing but the certificate. */
    receive,
    /** For the escrows, inside one transaction with their own rows. */
    settle: (settled: EscrowState, credits: readonly Credit[], proof: readonly Decree[]): void => {
      store.transaction(() => ledger.takeSettlement(settled, credits, proof))
    },
    attachEscrows: (intake: EscrowIntake): void => {
      escrows = intake
    },
    attachDevices: (intake: DeviceIntake): void => {
      devices = intake
    },
    /** Who may sign for this account, as far as its chain is known here. */
    keys: (): Pick<AccountState, 'ownerKey' | 'deviceKeys'> => store.state().account,
    /** Whether an order was signed under this request id. */
    hasSubmitted: (requestId: string): boolean => store.request(requestId) !== null,
    /** When a decree that is being taken in became final; null when nobody remembers. */
    certifiedAtMs: times.of,
    /** Own decrees from a step on, so that escrows opened on another device or before a crash are found again. */
    ownDecree: (step: number): Decree | null => store.decreeAt(step),
    /** What proves a credit, oldest first, nothing for one of the genesis document; null when it is not known here. */
    proofOf: (credit: CreditId): readonly Decree[] | null => store.credit(credit)?.proof ?? null,
    /** An own decree, or the one that paid this account. */
    decreeOf: (txHash: TxHash): Decree | null => store.decreeOf(txHash) ?? store.payingDecree(txHash),

    /** Settles what a crash or a timeout left, fetches what happened meanwhile, and looks for new credits from now on. */
    resume: async (): Promise<Result<null, SpendFailure>> => {
      const resumed = await writer.resume()
      poll.start()
      return resumed
    },
    catchUp: () => writer.catchUp(),
    onChanged: (listener: (revision: number) => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** What belongs to the summary changes elsewhere, by `work` or before it: a new revision in the same transaction, and everybody is told. */
    touch: (work: () => void = () => undefined): void => {
      store.transaction(work)
      changed()
    },
    stop: (): void => {
      stopping.abort()
      poll.stop()
      writer.stop()
    },
  }
}

const createPoll = ({ clock, log }: Pick<WalletDeps, 'clock' | 'log'>, look: () => Promise<unknown>) => {
  let cancel = (): void => undefined
  let isStopped = false
  const again = (): void => {
    cancel()
    if (isStopped) return
    cancel = clock.after(pollMs, () => {
      look().then(again, (error: unknown) => log.write('error', 'wallet-poll-stopped', { reason: String(error) }))
    })
  }
  return {
    start: again,
    stop: (): void => {
      isStopped = true
      cancel()
    },
  }
}

/** Payees are told directly when they are reachable; this finds what they were not told. */
const pollMs = 60_000

const pendingOperation = (pending: Pending | null): AccountOperation | null =>
  pending?.authorised.tx.type === 'account' ? pending.authorised.tx.body.operation : null

const badCertificate = fail('bad-certificate', 'The decree is not certified by this federation’s witnesses.')

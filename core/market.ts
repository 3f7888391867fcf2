import { marketContract, type MarketContract } from './contract/contract.ts'
import { createDispatcher, type Dispatcher } from './contract/dispatcher.ts'
import type { ProviderCaps } from './compliance/caps.ts'
import { guardFreeText } from './compliance/free-text.ts'
import type { SecretGuard } from './compliance/secret-guard.ts'
import type { FoundClaude } from './executors/discover.ts'
import { createKnowledge, publishSettled } from './market-knowledge.ts'
import { consentTo, createMember, createProviderParts } from './market-provider.ts'
import type { SealedCopy } from './copies/model.ts'
import { createCopyParts } from './market-copies.ts'
import { createDeviceParts } from './market-devices.ts'
import { createDisputes, createEvidence } from './market-disputes.ts'
import { handlersOf } from './market-handlers.ts'
import { createCommittee } from './market-committee.ts'
import { providerEscrows, requesterEscrows } from './market-escrows.ts'
import { resumeWallet } from './market-resume.ts'
import { createEscrows } from './escrow/service.ts'
import { panelFor, type PanelRule } from './escrow/panel.ts'
import { followEpochs } from './federation/changeover.ts'
import { creditsOfFederation, settlementRulesOf, type Federation } from './federation/federation.ts'
import type { CredentialStore } from './identity/credentials.ts'
import type { Signer } from './identity/signing.ts'
import { watchWitnesses } from './federation/network-status.ts'
import { createPeerBook } from './network/peer-book.ts'
import type { Network } from './network/port.ts'
import { createOrders } from './orders/service.ts'
import { createOrderStore } from './orders/store.ts'
import { toHex } from './platform/bytes.ts'
import type { Clock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import type { OwnerSignals } from './platform/owner-signals.ts'
import type { Random } from './platform/random.ts'
import { ok, type Failure, type Result } from './platform/result.ts'
import { createDriver } from './settlement/driver.ts'
import type { EpochBook } from './settlement/epoch-book.ts'
import type { Bytes32, Decree } from './settlement/objects.ts'
import type { Witness } from './settlement/witness.ts'
import { forgetCommands } from './storage/commands.ts'
import type { Database } from './storage/database.ts'
import { explainStorageError } from './storage/storage-error.ts'
import { createRequester } from './tasks/requester.ts'
import type { ServingSettings } from './tasks/serving-rules.ts'
import { consentSubjectOf, type BackendSettings, type ExecutorOf } from './tasks/backend-settings.ts'
import { createShownAnswers } from './tasks/shown-answers.ts'
import { createTaskStore } from './tasks/store.ts'
import { createInvites } from './wallet/invites.ts'
import { createWallet } from './wallet/service.ts'

/** This node's witness, and which keys of an account it has seen revoked or rotated away. */
export type WitnessHere = Witness & { readonly isRevoked: (account: Bytes32, key: Bytes32) => boolean }

/** What a market runs on; node.ts brings the real ones, tests and the simulation their own. */
export type MarketDeps = {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly db: Database
  /** Guarded: nothing secret passes it. */
  readonly network: Network
  readonly guard: SecretGuard
  readonly signer: Signer
  /** The key that names the account; another than the signer's on a linked computer. */
  readonly firstKey?: Bytes32
  /** What a linked computer is called; null where the phrase is. */
  readonly deviceName?: string | null
  /** What a linked computer seals its copies to; null where the phrase is. */
  readonly sealCopiesTo?: Bytes32 | null
  /** What a file brings back besides what the witnesses keep, where the account was restored from one. */
  readonly backup?: SealedCopy | null
  /** What this node has learnt of the federation's committees, and learns from now on. */
  readonly epochs: EpochBook
  /** Null for a node that is no witness. */
  readonly witness: WitnessHere | null
  /** The keys of this node's witnesses, with which it endorses a change of the committee. */
  readonly witnessSigners?: readonly Signer[]
  readonly credentials: CredentialStore
  /** What runs a backend; tests bring their own. */
  readonly executorOf?: ExecutorOf
  /** Finds the user's Claude Code program. */
  readonly findClaude?: () => Promise<FoundClaude | null>
  /** What this computer tells about its owner; nothing, where nobody brings it. */
  readonly ownerSignals?: OwnerSignals
}

/** `file`: readable by whoever can read this user's files, which only a practice federation's keys are. */
export type KeyProtection = 'os' | 'passphrase' | 'session' | 'file'

export type MarketOptions = {
  readonly version: string
  readonly federation: Federation
  readonly keyProtection: KeyProtection
  /** Attests to belong to the organisation's Anthropic customer; heeded in an organisation federation only. */
  readonly attestsOrganisation: boolean
}

export type MarketStart = {
  readonly backend: BackendSettings
  readonly caps: ProviderCaps
  readonly consented: boolean
  readonly approvalWaived: boolean
} & Pick<ServingSettings, 'offers'>

export type Market = {
  readonly dispatcher: Dispatcher<MarketContract>
  readonly accountId: Bytes32
  readonly network: Network
  /** Settles what the last run left, joins the book and takes up unfinished tasks. The calls work before it is done. */
  readonly resume: () => Promise<void>
  readonly serve: (start: MarketStart) => Promise<Result<void, Failure>>
  readonly stop: () => Promise<void>
}

/** What is served without having been chosen on a screen: it is not kept. */
const commandLineBackend = 0

/** Results of commands are kept this long for a client that asks again. */
const keepCommandsMs = 7 * 24 * 3_600_000

type Emit = Dispatcher<MarketContract>['emit']

/** The only place that wires the domains together. */
export const createMarket = (deps: MarketDeps, options: MarketOptions): Result<Market, Failure> => {
  // Handlers need the parts, parts emit events, and events leave through the dispatcher; nothing is emitted while wiring.
  let dispatcher: Dispatcher<MarketContract> | null = null
  const settled = createSettledParts(deps, options, (name, payload) => dispatcher?.emit(name, payload))
  if (!settled.ok) return settled
  const parts = createTradeParts(deps, options, settled.value)
  dispatcher = createDispatcher(marketContract, guardFreeText(handlersOf(deps, options, parts), parts.member.inspect), {
    log: deps.log,
    newIncidentId: () => toHex(deps.random.bytes(8)),
    explain: explainStorageError,
  })
  const leaveDuties = start(deps, parts)
  return ok(marketOf(deps, options, parts, dispatcher, leaveDuties))
}

/** What rests on certificates alone: the witnesses' driver, the wallet, the escrows and the invites. */
const createSettledParts = (deps: MarketDeps, { federation }: MarketOptions, emit: Emit) => {
  const { clock, log, db, network, signer, epochs } = deps
  const rules = settlementRulesOf(federation, epochs)
  const evidence = createEvidence(deps, epochs, emit)
  const heed = { found: evidence.found, isHalted: evidence.isBroken }
  const driver = createDriver({ network, epochs, clock, log: log.child('settlement'), ownWitness: deps.witness, ...heed })
  const peers = createPeerBook()
  const chain = { db, signer, rules, driver, clock }
  // The wallet and the escrows tell others of what is final; who that is, the order book knows.
  const tell: { decree: (account: Bytes32, decree: Decree) => void } = { decree: () => undefined }

  const wallet = createWallet({
    ...chain,
    firstKey: deps.firstKey ?? signer.publicKey,
    genesisCredits: creditsOfFederation(federation),
    foundedAtMs: federation.genesis.createdAtMs,
    log: log.child('wallet'),
    announce: (decree) => {
      if (decree.tx.type === 'account' && decree.tx.body.operation.kind === 'transfer') tell.decree(decree.tx.body.operation.to, decree)
    },
  })
  if (!wallet.ok) return wallet
  const knowledge = createKnowledge({ ...deps, federation, epochs, rules, wallet: wallet.value, driver, emit })
  const escrows = createEscrows({
    ...chain,
    closenessOf: knowledge.closenessOf,
    wallet: wallet.value,
    log: log.child('escrow'),
    announce: (decree, to) => tell.decree(to, decree),
  })
  const invites = createInvites({
    ...chain,
    wallet: wallet.value,
    federation,
    log: log.child('invites'),
  })
  const devices = createDeviceParts(deps, { federation, driver, wallet: wallet.value, emit })
  return ok({ emit, driver, rules, evidence, peers, tell, wallet: wallet.value, escrows, invites, knowledge, devices })
}
type SettledParts = Extract<ReturnType<typeof createSettledParts>, { readonly ok: true }>['value']

/** What makes trades of it: the order book, the requester's side and the provider's. */
const createTradeParts = (deps: MarketDeps, options: MarketOptions, settled: SettledParts) => {
  const { clock, random, log, db, network, signer } = deps
  const { federation } = options
  const { emit, peers, tell, wallet, escrows } = settled
  const { limits } = federation.genesis
  const panelRule: PanelRule = (parties, amountMicro) => panelFor(settled.rules.epochs.newest().committee, parties, amountMicro)
  const { accountId } = wallet
  const trade = { network, signer, federationId: federation.id, clock, random }
  const member = createMember({ ...deps, federation, accountId, emit }, options.attestsOrganisation)

  const takeDecree = (decree: Decree): void => {
    if (settled.evidence.isBroken()) return
    if (decree.tx.type === 'account') wallet.receive(decree)
    escrows.receive(decree).catch((error: unknown) => log.write('warn', 'decree not taken', { reason: String(error) }))
  }
  const reputationPpm = (account: Bytes32): number => settled.knowledge.reputation.standing('provider', toHex(account)).lowPpm
  const orders = createOrders(
    {
      ...trade,
      accountId,
      keyBelongsTo: settled.devices.keyBook.belongs,
      keysAsked: settled.devices.keyBook.asked,
      store: createOrderStore(db),
      log: log.child('orders'),
      limits,
      panelFor: panelRule,
      maxOrdersPerMinute: limits.maxRequestsPerMinute,
      attestation: member.statements.attestation,
      reputationPpm: (terms) => settled.knowledge.reputation.rank(terms, escrows.lockedWith(terms.provider)),
      isKnown: (account) => settled.knowledge.reputation.trustPpm(toHex(account)) > 0,
      sawPeer: peers.put,
      wordOn: (provider) => member.opinions.wordOn(provider, 'provider'),
      neverProviders: member.opinions.neverProviders,
    },
    {
      changed: (revision) => emit('orders.changed', { revision }),
      decree: takeDecree,
      split: (order) => void escrows.receiveSplit(order),
    },
  )
  tell.decree = (account, decree) => {
    const peer = peers.get(account)
    if (peer !== null) orders.tellDecree(peer, decree)
  }

  const providerDeps = {
    ...deps,
    federation,
    accountId,
    orders,
    emit,
    member,
    panelFor: panelRule,
    maintenance: () => settled.knowledge.maintenanceOf(accountId),
    reputationPpm,
    standingOfClient: (account: Bytes32) => settled.knowledge.reputation.standing('client', toHex(account)),
    tradesAsProvider: (limit: number) => settled.knowledge.facts.store.settlementsOf('provider', toHex(wallet.accountId), limit),
    escrows: providerEscrows(escrows, takeDecree),
  }
  const providing = createProviderParts(providerDeps)
  const prices = settled.knowledge.pricesOver(orders.book)
  const taskStore = createTaskStore(db)
  const answers = createShownAnswers(taskStore.hidden, (piece) => emit('tasks.output', piece))
  const requester = createRequester({
    ...trade,
    orders,
    wallet,
    store: taskStore,
    escrows: requesterEscrows(escrows),
    log: log.child('tasks'),
    inspect: member.inspect,
    availableMicro: () => wallet.summary().availableMicro,
    maxWorkMs: limits.maxWorkMs,
    changed: (taskId) => {
      copyParts.copies.touch()
      emit('tasks.changed', { revision: taskStore.revision(), taskId: toHex(taskId) })
    },
    noteFault: settled.knowledge.noteFault,
    output: answers.tell,
  })
  const witnesses = watchWitnesses(
    { ...deps, log: log.child('network') },
    {
      changed: (revision) => emit('network.changed', { revision }),
      connected: (witness) => void orders.greet(witness),
    },
  )
  const committee = createCommittee(deps, { ...settled, federation })
  const disputes = createDisputes(deps, { ...settled, federation, taskStore, jobs: providing.jobs })
  const copyParts = createCopyParts(deps, { ...settled, federation, taskStore, jobs: providing.jobs })
  return {
    ...settled,
    committee,
    disputes,
    ...providing,
    member,
    providerDeps,
    orders,
    prices,
    taskStore,
    answers,
    requester,
    witnesses,
    copyParts,
  }
}
export type Parts = ReturnType<typeof createTradeParts>

/** Gives back how a witness's duties end. */
const start = (deps: MarketDeps, parts: Parts): (() => void) => {
  const { emit, wallet, escrows, orders, provider, requester } = parts
  forgetCommands(deps.db, deps.clock.nowMs() - keepCommandsMs)
  escrows.onChanged(({ revision, state }) => {
    emit('escrow.changed', { revision })
    requester.registered(state)
    orders.locked(state.terms.requestHash)
    if (state.phase !== 'settled') return
    publishSettled(parts.knowledge.facts, escrows, state)
    requester.settled(state)
    provider.settled(state)
  })
  wallet.onChanged((revision) => emit('wallet.changed', { revision }))
  parts.invites.start()
  parts.devices.start()
  parts.copyParts.start()
  deps.witness?.onEvidence(parts.evidence.found)
  parts.evidence.start()
  parts.disputes.start()
  parts.committee.start()
  deps.witness?.heedConvictions(parts.evidence.isConvicted)
  deps.witness?.serve(deps.network)
  const leaveDuties = deps.witness?.attend(deps.network, parts.driver)
  const leaveEpochs = followEpochs({ ...deps, rules: parts.rules, driver: parts.driver, log: deps.log.child('epochs') })
  orders.start()
  parts.knowledge.start(escrows)
  orders.setBidder(provider.bidder)
  deps.network.acceptStreams('task', provider.serve)
  parts.witnesses.start()
  return () => {
    leaveEpochs()
    leaveDuties?.()
  }
}

const marketOf = (
  deps: MarketDeps,
  options: MarketOptions,
  parts: Parts,
  dispatcher: Dispatcher<MarketContract>,
  leaveDuties: () => void,
): Market => {
  const { wallet, escrows, orders, provider, serving, mode, consents, requester, witnesses } = parts
  const { clock, network, log } = deps
  let isStopped = false
  return {
    dispatcher,
    accountId: wallet.accountId,
    network,
    resume: async () => {
      await resumeWallet(wallet, clock, log, () => isStopped)
      if (isStopped) return
      parts.knowledge.resume()
      await escrows.resume()
      await parts.copyParts.copies.recall()
      // Its database may have been closed meanwhile.
      if (isStopped) return
      parts.copyParts.endWhatWentOn()
      parts.disputes.resume()
      requester.resume()
      await provider.resume()
      if (isStopped) return
      await mode.restore()
    },
    serve: (wish) => {
      const consent = wish.consented ? consentTo(consents, consentSubjectOf(wish.backend, options.federation.id), wish.caps) : ok(null)
      if (!consent.ok) return Promise.resolve(consent)
      const { backend, caps, offers, approvalWaived } = wish
      return serving.start({ id: commandLineBackend, backend, caps, offers, approvalWaived, consentId: consent.value })
    },
    stop: async () => {
      isStopped = true
      leaveDuties()
      parts.evidence.stop()
      parts.disputes.stop()
      parts.committee.stop()
      parts.copyParts.copies.stop()
      parts.member.audit.flush()
      requester.stop()
      mode.shutDown()
      orders.stop()
      parts.prices.stop()
      parts.knowledge.stop()
      escrows.stop()
      parts.invites.stop()
      wallet.stop()
      witnesses.stop()
      await network.stop()
    },
  }
}

import type { MarketContract } from './contract/contract.ts'
import type { Handlers } from './contract/dispatcher.ts'
import { knowledgeHandlers } from './market-knowledge.ts'
import { asksOthers, ownSituation, providerAreas } from './market-provider.ts'
import { appHandlers } from './market-app.ts'
import { federationHandlers } from './market-committee.ts'
import { provingHandlers } from './market-proofs.ts'
import { bringsBack } from './devices/phrase-drill.ts'
import { escrowHandlers } from './escrow/handlers.ts'
import { evidenceHandlers } from './evidence/handlers.ts'
import { networkHandlers } from './federation/network-status.ts'
import { opinionHandlers } from './opinions/handlers.ts'
import { ordersHandlers } from './orders/handlers.ts'
import { faceOf } from './identity/face.ts'
import { fromHex, toHex } from './platform/bytes.ts'
import { fail, ok } from './platform/result.ts'
import { tasksHandlers } from './tasks/handlers.ts'
import { invitesHandlers, walletHandlers } from './wallet/handlers.ts'
import type { MarketDeps, MarketOptions, Parts } from './market.ts'

/** Which part of the market answers which call. */
export const handlersOf = (deps: MarketDeps, options: MarketOptions, parts: Parts): Handlers<MarketContract> => {
  const { wallet, escrows, orders, serving, requester, peers } = parts
  const { accountId } = wallet
  const current = {
    accountId: toHex(accountId),
    publicKey: toHex(deps.signer.publicKey),
    accountKey: toHex(deps.firstKey ?? deps.signer.publicKey),
    keyProtection: options.keyProtection,
  }
  return {
    app: appHandlers(deps, options, serving.isOn),
    identity: {
      current: () => ok({ current }),
      face: ({ key }) => {
        const { words, picture } = faceOf(fromHex(key))
        return ok({ words, picture: toHex(picture) })
      },
      tryPhrase: ({ phrase }) => {
        const { id: federationId, genesis } = options.federation
        if (genesis.kind === 'practice') return fail('practice', 'A practice account has no recovery phrase: it is worth nothing outside.')
        const tried = bringsBack(phrase, { accountId, federationId })
        return tried.ok ? ok({ bringsBack: tried.value }) : tried
      },
      backup: async () =>
        options.federation.genesis.kind === 'practice'
          ? fail('practice', 'A practice account has no recovery phrase, so no file could bring it back.')
          : ok(await parts.copyParts.backup()),
    },
    wallet: walletHandlers({ wallet, escrows, isInvite: parts.invites.isInvite }),
    proofs: provingHandlers(options.federation, deps.epochs, parts),
    invites: invitesHandlers(parts.invites, wallet),
    devices: parts.devices.handlers,
    orders: ordersHandlers({
      orders,
      accountId,
      ownKey: deps.signer.publicKey,
      own: ownSituation(parts),
      publish: serving.publish,
      withdraw: serving.withdraw,
    }),
    tasks: tasksHandlers({
      recalled: parts.copyParts.copies.recalled,
      mayAsk: () => !asksOthers(options.federation) || parts.member.statements.acknowledgedAtMs() !== null,
      store: parts.taskStore,
      requester,
      answers: parts.answers,
      outgoing: parts.member.outgoing,
      takeable: orders.takeable,
      db: deps.db,
      federationId: options.federation.id,
      standingOf: (account) => {
        const { lowPpm, midPpm, highPpm, trades } = parts.knowledge.reputation.standing('provider', account)
        return { lowPpm, midPpm, highPpm, trades }
      },
      escrowOf: (id) => escrows.get(id)?.state ?? null,
      nowMs: deps.clock.nowMs,
    }),
    arbiter: parts.disputes.handlers.arbiter,
    escrow: {
      ...parts.disputes.handlers.parties,
      ...escrowHandlers({
        escrows,
        epochs: parts.rules.epochs,
        taskOf: (id) => parts.taskStore.attemptOfEscrow(id)?.task ?? null,
        sendSplit: async (order, to) => {
          const peer = peers.get(to)
          return peer !== null && orders.tellSplit(peer, order)
        },
      }),
    },
    evidence: evidenceHandlers(parts.evidence, parts.rules.epochs),
    ...providerAreas(parts.providerDeps, parts),
    opinions: opinionHandlers({ opinions: parts.member.opinions, db: deps.db, nowMs: deps.clock.nowMs }),
    ...knowledgeHandlers(parts.knowledge, parts.prices, accountId),
    network: networkHandlers(deps.network, deps.epochs, parts.witnesses, options.version),
    federation: federationHandlers(deps, options.federation, parts.committee),
  }
}

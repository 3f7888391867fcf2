import { formatRuv } from '../platform/amount.ts'
import { toHex } from '../platform/bytes.ts'
import { txHash } from '../settlement/encoding.ts'
import { quorumOf, type Decree, type EscrowState, type EscrowTerms, type Tx } from '../settlement/objects.ts'
import type { Proven } from './check.ts'
import type { ProofProblem, Shown } from './problem.ts'

/** What a checked proof says, for programs and for people. Amounts are µRUV as decimal strings; ids are hexadecimal. */
export const reportOf = ({ federation, epochs, about }: Proven) => {
  const { committee } = epochs.newest()
  const { name, kind } = federation.genesis
  const { witnesses } = committee
  return {
    federation: { id: toHex(federation.id), name, kind, epoch: committee.epoch, witnesses: witnesses.length, quorum: quorumOf(committee) },
    proves: provenOf(about),
  }
}
export type ProofReport = ReturnType<typeof reportOf>

const provenOf = (about: Shown) => {
  if (about.kind === 'account') {
    const { state, sums } = about
    const amounts = { receivedMicro: `${sums.receivedMicro}`, paidMicro: `${sums.paidMicro}`, lockedMicro: `${sums.lockedMicro}` }
    const keys = [state.ownerKey, ...state.deviceKeys].map(toHex)
    return { kind: 'account', id: toHex(state.id), steps: state.step + 1, balanceMicro: `${state.freeMicro}`, ...amounts, keys } as const
  }
  return about.kind === 'escrow' ? escrowOf(about.state) : decreeOf(about.decree)
}

const partiesOf = ({ client, provider, amountMicro }: EscrowTerms) => ({
  client: toHex(client),
  provider: toHex(provider),
  amountMicro: `${amountMicro}`,
})

const escrowOf = ({ id, terms, step, phase, payout }: EscrowState) => {
  const paid = payout === null ? null : { providerMicro: `${payout.providerMicro}`, clientMicro: `${payout.clientMicro}`, by: payout.by }
  return { kind: 'escrow', id: toHex(id), ...partiesOf(terms), steps: step + 1, phase, payout: paid } as const
}

const decreeOf = ({ tx, certificate }: Decree) =>
  ({
    kind: 'decree',
    id: toHex(txHash(tx)),
    object: toHex(tx.objectId),
    step: tx.step,
    epoch: certificate.statement.governance.epoch,
    view: certificate.statement.view,
    witnesses: certificate.signatures.map(({ witnessIndex }) => witnessIndex),
    orders: ordersOf(tx),
  }) as const

const ordersOf = (tx: Tx) => {
  if (tx.type === 'federation') return { kind: 'epoch', epoch: tx.step } as const
  if (tx.type === 'escrow') return { kind: tx.body.kind, escrow: toHex(tx.objectId) } as const
  const { operation } = tx.body
  if (operation.kind === 'transfer') {
    const { to, amountMicro, memo } = operation
    return { kind: 'transfer', to: toHex(to), amountMicro: `${amountMicro}`, memo } as const
  }
  return operation.kind === 'open-escrow'
    ? ({ kind: 'open-escrow', ...partiesOf(operation.terms) } as const)
    : ({ kind: operation.kind } as const)
}

const ruv = (micro: string): string => `${formatRuv(BigInt(micro))} RUV`

/** A few lines; what others wrote stands between quotation marks, on one line. */
export const renderReport = ({ federation, proves }: ProofReport, isExpected: boolean): string =>
  [
    ...linesOf(proves),
    `Federation ${quoted(federation.name)} (${federation.kind}), epoch ${federation.epoch}: ${federation.quorum} of ${federation.witnesses} witnesses make a step final.`,
    isExpected
      ? `Its id is the one that was asked for: ${federation.id}.`
      : `Anybody can found a federation under any name. Compare its id with the one you know: ${federation.id}`,
  ].join('\n')

const quoted = (text: string): string => JSON.stringify(text)

const linesOf = (proves: ProofReport['proves']): readonly string[] => {
  switch (proves.kind) {
    case 'account':
      return [
        `Holds: account ${proves.id} has ${ruv(proves.balanceMicro)} after ${proves.steps} ${proves.steps === 1 ? 'step' : 'steps'}.`,
        `It has taken in ${ruv(proves.receivedMicro)}, paid ${ruv(proves.paidMicro)} and put ${ruv(proves.lockedMicro)} into escrows.`,
        'Later steps may exist: a proof says what is final, not that nothing came after it.',
      ]
    case 'escrow':
      return [
        `Holds: escrow ${proves.id} over ${ruv(proves.amountMicro)} is ${proves.phase} after ${proves.steps} ${proves.steps === 1 ? 'step' : 'steps'}.`,
        `Client ${proves.client}, provider ${proves.provider}.`,
        proves.payout === null
          ? 'It has paid nothing yet.'
          : `It paid ${ruv(proves.payout.providerMicro)} to the provider and ${ruv(proves.payout.clientMicro)} to the client (${proves.payout.by}).`,
      ]
    case 'decree':
      return [
        `Holds: step ${proves.step} of ${proves.object} is final. It orders: ${orderText(proves.orders)}.`,
        `Decided in epoch ${proves.epoch}, view ${proves.view}, by witnesses ${proves.witnesses.join(', ')}.`,
      ]
  }
}

const orderText = (orders: Extract<ProofReport['proves'], { readonly kind: 'decree' }>['orders']): string => {
  if (orders.kind === 'transfer') return `transfer ${ruv(orders.amountMicro)} to ${orders.to}, memo ${quoted(orders.memo)}`
  if (orders.kind === 'open-escrow') return `open an escrow over ${ruv(orders.amountMicro)} for ${orders.provider}`
  if (orders.kind === 'epoch') return `begin epoch ${orders.epoch}`
  return 'escrow' in orders ? `${orders.kind} of an escrow` : orders.kind
}

export const renderProblem = ({ code, message, line, step }: ProofProblem): string =>
  `Does not hold, line ${line}${step === null ? '' : `, step ${step}`} (${code}): ${message}`

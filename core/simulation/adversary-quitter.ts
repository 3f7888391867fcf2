import type { Network } from '../network/port.ts'
import { encodeRequest } from '../settlement/bundle.ts'
import type { Decree } from '../settlement/objects.ts'
import type { createOrders } from './adversary-orders.ts'
import type { Prng } from './prng.ts'
import type { World } from './world.ts'

type Means = {
  readonly orders: ReturnType<typeof createOrders>
  readonly node: Network
  readonly supporting: () => readonly Decree[]
}

/**
 * A dishonest payer who shows every witness the notarization of its payment, and is gone before any of them can know that it is final:
 * only the payer has all the votes, and may show them whenever it likes.
 */
export const createQuitter = ({ auditor, conspiracy, federation, plan, scheduler }: World, { orders, node, supporting }: Means) => {
  const { committee, parties } = federation

  return (prng: Prng): void => {
    const payer = parties[plan.honestParties]
    if (payer === undefined) return
    const payee = prng.pick(parties.slice(0, plan.honestParties)).account
    const order = orders.orderOf(payer, { kind: 'transfer', to: payee, amountMicro: BigInt(prng.between(1, 1_000)), memo: '' })
    const { governance, objectId, step } = order.tx
    const register = { governance, objectId, step }
    const { votes } = conspiracy.secretOf(register)
    conspiracy.add(order)
    const showAll = (): void => {
      const bundle = { orders: [order], votes: [...votes.values()].slice(0, 200), proposals: [], carried: [], wantSkip: false }
      const payload = encodeRequest({ kind: 'exchange', register, ...bundle, decrees: supporting().slice(-20) })
      for (const witness of committee.witnesses)
        node.request(witness, 'settlement', payload, { timeoutMs: roundMs }).then(
          (answer) => conspiracy.hear(answer, 'answer', register),
          () => undefined,
        )
    }
    auditor.reach('a payer who went away')
    showAll()
    scheduler.at(scheduler.nowMs() + roundMs, showAll)
  }
}

/** The answers to the first round are in by then. */
const roundMs = 2_200

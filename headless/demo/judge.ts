import { formatRuv } from '../../core/platform/amount.ts'
import type { Ending, Outcome, Party, SettledEscrow } from './report.ts'
import type { TaskDetail, Trade } from './trade.ts'

export type Balances = ReadonlyMap<string, bigint>

export const sumOf = (amounts: Balances): bigint => [...amounts.values()].reduce((total, amount) => total + amount, 0n)

/** What each member owns by its own certified chain; the treasury has no node and never moves. */
export const balancesOf = async ({ cluster, plan }: Trade): Promise<Balances> => {
  const traders = cluster.members().filter(({ name }) => !name.startsWith('witness'))
  const owned = await Promise.all(
    traders.map(async ({ name, client }): Promise<readonly [string, bigint]> => {
      const summary = await client.wallet.summary({})
      return [name, summary.ok ? summary.value.availableMicro + summary.value.lockedMicro : 0n]
    }),
  )
  const treasury = plan.federation.genesis.supply[0]?.amountMicro ?? 0n
  return new Map([['treasury', treasury], ...owned.toSorted(([a], [b]) => a.localeCompare(b))])
}

export type Facts = {
  readonly task: TaskDetail
  readonly escrows: readonly SettledEscrow[]
  readonly before: Balances
  readonly after: Balances
}

/** All that must hold of a trade, whichever way it went; the problem is the first thing that does not. */
export const judge = (trade: Trade, facts: Facts): Ending => {
  const { task, escrows, before, after } = facts
  const supplyMicro = trade.plan.federation.genesis.supply.reduce((total, { amountMicro }) => total + amountMicro, 0n)
  const winner = trade.cluster.members().find(({ accountId }) => accountId === task.provider)?.name
  const parties: readonly Party[] = [...before].map(([name, beforeMicro]) => ({
    name,
    beforeMicro,
    afterMicro: after.get(name) ?? 0n,
    note: noteOf(name, task.state === 'settled' && name === winner),
  }))
  const conserved = sumOf(before) === supplyMicro && sumOf(after) === supplyMicro
  const outcome: Outcome = { parties, supplyMicro, conserved, answer: task.answer, escrows }
  return { problem: problemOf(outcome, task, winner), outcome }
}

const noteOf = (name: string, isWinner: boolean): string => {
  if (isWinner) return 'ran the task'
  return name === 'treasury' ? 'holds the rest of the supply' : name === 'requester' ? 'asked' : ''
}

const problemOf = ({ parties, conserved, supplyMicro }: Outcome, task: TaskDetail, winner: string | undefined): string | null => {
  if (!conserved) return `The balances do not add up to the supply of ${formatRuv(supplyMicro)} RUV.`
  const expectedMicro = (name: string): bigint => {
    const paidMicro = task.state === 'settled' ? (task.priceMicro ?? 0n) : 0n
    return name === winner ? paidMicro : name === 'requester' ? -paidMicro : 0n
  }
  const wrong = parties.find(({ name, beforeMicro, afterMicro }) => afterMicro - beforeMicro !== expectedMicro(name))
  if (wrong !== undefined) return `${wrong.name} does not own what the escrow says.`
  if (task.state !== 'settled') return `${task.problem ?? `The task ended as ${task.state}.`} Nobody was charged.`
  return task.answer === '' ? 'The answer is empty, and was paid for.' : null
}

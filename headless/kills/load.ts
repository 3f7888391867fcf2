import type { Client } from '../../core/contract/client.ts'
import type { MarketContract } from '../../core/contract/contract.ts'
import { practiceClass } from '../../core/node/practice.ts'
import { systemClock } from '../../core/platform/clock.ts'
import type { Dice } from './dice.ts'
import type { Fleet } from './fleet.ts'

/** What was asked of the market, and what it acknowledged. */
export type TransferRecord = {
  readonly from: string
  readonly to: string
  readonly amountMicro: bigint
  /** Unique, so that the transfer is found in both histories. */
  readonly memo: string
  /** Null when it was refused: then it must not have happened. */
  readonly txHash: string | null
}
export type TaskRecord = { readonly client: string; readonly taskId: string }
export type Books = { readonly transfers: TransferRecord[]; readonly tasks: TaskRecord[] }

export type Trader = { readonly name: string; readonly accountId: string; readonly asks: boolean }

export type LoadDeps = {
  readonly fleet: Fleet
  readonly traders: readonly Trader[]
  readonly dice: Dice
  readonly books: Books
  readonly isOver: () => boolean
}

const pauseMs = 150
const taskPauseMs = 700
/** Short, because what an abandoned escrow holds comes back after it. */
const taskDeadlineMs = 12_000

export const pause = (forMs: number): Promise<void> => new Promise((resolve) => void systemClock.after(forMs, resolve))

/** Every trader sends to the others, and the clients ask, until it is over; each call is repeated under its request id until answered. */
export const runLoad = async (deps: LoadDeps): Promise<void> => {
  const lanes = deps.traders.flatMap((trader) => [sendLane(trader, deps), ...(trader.asks ? [askLane(trader, deps)] : [])])
  await Promise.all(lanes)
}

type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string; readonly message: string }
type Call<T> = (client: Client<MarketContract>) => Promise<CallResult<T>>
type CallResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } }

/** Nothing was decided: the process died, or too few witnesses were there. */
const undecided = new Set(['unavailable', 'no-quorum', 'internal'])

/** Longer than any crash, cut and retry together. */
const patienceMs = 240_000

/** Until there is an answer that will not change. Rejects when there is none for so long that something is stuck. */
export const insist = async <T>(fleet: Fleet, name: string, call: Call<T>): Promise<Answered<T>> => {
  const sinceMs = performance.now()
  for (;;) {
    const answer = await call(await fleet.client(name))
    if (answer.ok) return answer
    if (!undecided.has(answer.error.code)) return { ok: false, ...answer.error }
    if (performance.now() - sinceMs > patienceMs) throw new Error(`${name} is stuck: ${answer.error.message}`)
    await pause(pauseMs)
  }
}

const sendLane = async (trader: Trader, { fleet, traders, dice, books, isOver }: LoadDeps): Promise<void> => {
  for (let number = 0; !isOver(); number += 1) {
    const to = dice.pick(traders.filter(({ name }) => name !== trader.name))
    if (to === undefined) return
    const amountMicro = BigInt(dice.between(1, 2_000))
    const memo = `${trader.name}/${number}`
    const requestId = crypto.randomUUID()
    const answer = await insist(fleet, trader.name, (client) => client.wallet.transfer({ requestId, to: to.accountId, amountMicro, memo }))
    books.transfers.push({ from: trader.name, to: to.name, amountMicro, memo, txHash: answer.ok ? answer.value.txHash : null })
    await pause(pauseMs)
  }
}

const endStates: readonly string[] = ['settled', 'failed', 'refunded', 'cancelled']

const askLane = async (trader: Trader, { fleet, books, isOver }: LoadDeps): Promise<void> => {
  for (let number = 0; !isOver(); number += 1) {
    const requestId = crypto.randomUUID()
    const asked = await insist(fleet, trader.name, (client) =>
      client.tasks.ask({
        requestId,
        prompt: `Question ${number} of ${trader.name}: what is left after a crash?`,
        classKey: practiceClass,
        maxOutputTokens: 64,
        maxPriceMicro: 1_000_000n,
        mode: 'first',
        deadlineMs: taskDeadlineMs,
      }),
    )
    if (asked.ok) {
      books.tasks.push({ client: trader.name, taskId: asked.value.taskId })
      await followTask(fleet, trader.name, asked.value.taskId)
    }
    await pause(taskPauseMs)
  }
}

/** Until it is over; a task that does not end within a few deadlines is found by the audit. */
const followTask = async (fleet: Fleet, name: string, taskId: string): Promise<void> => {
  for (let polls = 0; polls < 100; polls += 1) {
    const got = await insist(fleet, name, (client) => client.tasks.get({ taskId }))
    if (got.ok && endStates.includes(got.value.state)) return
    await pause(taskPauseMs)
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { practiceClass } from '../../core/node/practice.ts'
import type { Fleet } from '../../headless/kills/fleet.ts'
import { insist } from '../../headless/kills/load.ts'

/** One question of a client that has come to its end, whatever that was. */
export type Trade = { readonly client: string; readonly taskId: string; readonly tookMs: number }

type Trading = {
  readonly fleet: Fleet
  readonly clients: readonly string[]
  readonly isOver: () => boolean
  readonly ended: (trade: Trade) => void
}

/** Questions that a client has under way at a time. */
const lanes = 8
const lookEveryMs = 150
const ends: readonly string[] = ['settled', 'failed', 'refunded', 'cancelled']

/** Every lane asks, waits for the end, and asks again. */
export const runTraders = async ({ fleet, clients, isOver, ended }: Trading): Promise<void> => {
  const lane = async (client: string, number: number): Promise<void> => {
    for (let round = 0; !isOver(); round++) {
      const startMs = performance.now()
      const taskId = await ask(fleet, client, `Question ${round} of lane ${number}: what does a trade cost?`)
      while (!(await hasEnded(fleet, client, taskId))) await sleep(lookEveryMs)
      ended({ client, taskId, tookMs: performance.now() - startMs })
    }
  }
  await Promise.all(clients.flatMap((client) => Array.from({ length: lanes }, (_, number) => lane(client, number))))
}

const ask = async (fleet: Fleet, client: string, prompt: string): Promise<string> => {
  const requestId = crypto.randomUUID()
  const wish = { classKey: practiceClass, maxOutputTokens: 64, maxPriceMicro: 100_000n, mode: 'first', deadlineMs: 60_000 } as const
  const asked = await insist(fleet, client, ({ tasks }) => tasks.ask({ requestId, prompt, ...wish }))
  if (!asked.ok) throw new Error(`${client} cannot ask: ${asked.message}`)
  return asked.value.taskId
}

const hasEnded = async (fleet: Fleet, client: string, taskId: string): Promise<boolean> => {
  const got = await insist(fleet, client, ({ tasks }) => tasks.get({ taskId }))
  return got.ok && ends.includes(got.value.state)
}

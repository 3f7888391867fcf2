import { createPracticeExecutor } from '../../executors/practice.ts'
import { assert } from '../../platform/assert.ts'
import { fromHex } from '../../platform/bytes.ts'
import { createTaskStore } from '../store.ts'
import { testClass, type TestNode, type World } from './world.ts'

type Ask = Parameters<ReturnType<TestNode['client']>['tasks']['ask']>[0]
let asked = 0
export const askOf = (wish: Partial<Ask> = {}): Ask => ({
  requestId: `a-task-of-the-tests-${++asked}`,
  prompt: 'Say something.',
  classKey: testClass,
  maxOutputTokens: 200,
  maxPriceMicro: 1_000_000n,
  mode: 'best',
  deadlineMs: 60_000,
  ...wish,
})
export const ask = async (world: World, wish: Partial<Ask> = {}): Promise<string> => {
  const answer = await world.requester.client().tasks.ask(askOf(wish))
  assert(answer.ok, answer.ok ? '' : answer.error.message)
  return answer.value.taskId
}
export type TaskDetail = Awaited<ReturnType<typeof taskOf>>
export const taskOf = async (world: World, taskId: string) => {
  const task = await world.requester.client().tasks.get({ taskId })
  assert(task.ok, task.ok ? '' : task.error.message)
  return task.value
}
const over = ['settled', 'failed', 'refunded', 'cancelled']
export const ended = async (world: World, taskId: string, states: readonly string[] = over) => {
  await world.until(async () => states.includes((await taskOf(world, taskId)).state), `${states.join(' or ')}`)
  return taskOf(world, taskId)
}
export const stepsOf = ({ steps }: TaskDetail): readonly string[] => steps.map(({ name }) => name)

/** Runs `act` in the middle of the event in which the requester's newest task comes to a step. */
export const atStep = (world: World, name: string, act: () => void): void => {
  const { requester } = world
  const store = createTaskStore(requester.db())
  const stop = requester.client().tasks.changed(({ taskId }) => {
    if (store.steps(fromHex(taskId)).at(-1)?.name !== name) return
    stop()
    act()
  })
}
/** An answer that takes a while, for things to happen in its middle. */
export const slow = { tokenMs: 20, words: 60 }
export const answerOf = async ({ clock }: World, provider: string, words = 20): Promise<string> => {
  let text = ''
  const executor = createPracticeExecutor({ seed: provider, words, clock })
  await executor.run(
    { prompt: 'Say something.', maxOutputTokens: 200 },
    { signal: new AbortController().signal, onText: (piece) => void (text += piece) },
  )
  return text
}
/** How a trade ended once all money is at rest, and who was paid for it; anything but exactly the receipt's price is spelt out. */
export const outcomeOf = async (world: World, taskId: string) => {
  await ended(world, taskId)
  await world.rest()
  const { state, problem, receipt } = await taskOf(world, taskId)
  const [own, ...gains] = await world.gains()
  const price = receipt?.priceMicro ?? 0n
  const paid = gains.flatMap((gain, index) => (gain === 0n ? [] : [`provider-${index + 1}${gain === price ? '' : ` ${gain}`}`]))
  return { state, problem, paid, lostMicro: -(own ?? 0n) - price }
}
export const paidTo = (...providers: readonly string[]) => ({ state: 'settled', problem: null, paid: providers, lostMicro: 0n })

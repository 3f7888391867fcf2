import { expect, test } from 'vitest'
import { createFollower, type Fetched } from './follower.ts'

type Snapshot = { readonly revision: number }

/** A follower whose fetches are answered by hand, in their order. */
const createRig = () => {
  const asked: ((fetched: Fetched<Snapshot>) => void)[] = []
  const shown: number[] = []
  const problems: string[] = []
  const follower = createFollower<Snapshot>({
    fetch: () => new Promise((resolve) => asked.push(resolve)),
    revisionOf: ({ revision }) => revision,
    onValue: ({ revision }) => shown.push(revision),
    onProblem: (message) => problems.push(message),
  })
  const answer = async (fetched: Fetched<Snapshot>): Promise<void> => {
    asked.shift()?.(fetched)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { follower, asked, shown, problems, answer, show: (revision: number) => answer({ ok: true, value: { revision } }) }
}

test('an event no newer than what is shown fetches nothing', async () => {
  const { follower, asked, shown, show } = createRig()
  follower.refresh()
  await show(5)
  follower.hear(4)
  follower.hear(5)
  expect([shown, asked.length]).toEqual([[5], 0])
})

test('a burst of events costs one fetch under way and one after it', async () => {
  const { follower, asked, shown, show } = createRig()
  follower.refresh()
  await show(1)
  for (const revision of [2, 3, 4, 5]) follower.hear(revision)
  expect(asked).toHaveLength(1)
  await show(2)
  expect(asked).toHaveLength(1)
  await show(5)
  expect([shown, asked.length]).toEqual([[1, 2, 5], 0])
})

test('events heard during a fetch that already covers them cost nothing more', async () => {
  const { follower, asked, shown, show } = createRig()
  follower.refresh()
  follower.hear(3)
  await show(3)
  expect([shown, asked.length]).toEqual([[3], 0])
})

test('a snapshot older than what is shown is dropped', async () => {
  const { follower, shown, show } = createRig()
  follower.refresh()
  await show(7)
  follower.hear(8)
  await show(6)
  expect(shown).toEqual([7])
})

test('after a gap any revision counts, for the market may have started anew', async () => {
  const { follower, shown, show } = createRig()
  follower.refresh()
  await show(90)
  follower.refresh()
  await show(2)
  expect(shown).toEqual([90, 2])
})

test('a snapshot asked for before a gap does not count after it', async () => {
  const { follower, shown, show } = createRig()
  follower.refresh()
  follower.refresh()
  await show(90)
  expect(shown).toEqual([])
  await show(2)
  expect(shown).toEqual([2])
})

test('a refusal is told and does not stop the next event from fetching', async () => {
  const { follower, shown, problems, answer, show } = createRig()
  follower.refresh()
  await answer({ ok: false, error: { message: 'Not now.' } })
  follower.hear(1)
  await show(1)
  expect([problems, shown]).toEqual([['Not now.'], [1]])
})

test('a stopped follower shows nothing any more', async () => {
  const { follower, shown, show } = createRig()
  follower.refresh()
  follower.stop()
  await show(1)
  expect(shown).toEqual([])
})

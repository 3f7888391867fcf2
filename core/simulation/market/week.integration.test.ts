import { expect, test } from 'vitest'
import { equilibriumMicro, runWeek } from './week.ts'

/** A week is `npm run simulate -- --profile market`. */
const timeoutMs = 300_000

test(
  'fifty nodes that come and go trade: nothing is stuck, books come together, and all find one price (seed 1)',
  async () => {
    const { violations, counts, ending, longestDisagreementMs } = await runWeek({ seed: 1, hours: 2, members: 50 })
    expect(violations).toEqual([])
    expect(new Set(ending.estimates).size).toBe(1)
    expect(Number(ending.estimates[0]) / Number(equilibriumMicro)).toBeCloseTo(1, 0)
    // The run was one in which something could have gone wrong.
    expect([...counts.keys()]).toEqual(
      expect.arrayContaining(['paid', 'newcomers', 'restarts', 'crashes', 'left for good', 'partitions', 'refunded by their providers']),
    )
    expect(longestDisagreementMs).toBeGreaterThan(0)
  },
  timeoutMs,
)

test('the same seed is the same run', async () => {
  const run = () => runWeek({ seed: 7, hours: 1, members: 10 })
  expect(await run()).toEqual(await run())
})

test('nodes that never compare their books are found out (seed 1)', async () => {
  const { violations } = await runWeek({ seed: 1, hours: 3, members: 16, fault: 'books-never-compared' })
  expect(violations.filter((violation) => violation.includes('still shows'))).not.toEqual([])
})

test('nodes that never hear of trades are found out (seed 1)', async () => {
  const { violations } = await runWeek({ seed: 1, hours: 2, members: 16, fault: 'facts-never-exchanged' })
  expect(violations).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^in the end the nodes find \d+ prices$/),
      expect.stringMatching(/^in the end the nodes judge the members in \d+ ways$/),
    ]),
  )
})

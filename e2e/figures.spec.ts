import { expect } from '@playwright/test'
import { inMainProcess, test } from './harness/app.ts'

/** Prints what a newcomer feels: nothing here asserts a time, which is this computer's and its load's. */
test('the time to a window that can be used, and the memory of each process', async ({ launchApp }, { annotations }) => {
  const say = (line: string): void => {
    annotations.push({ type: 'figure', description: line })
    console.log(`figure: ${line}`)
  }
  let startMs = performance.now()
  const first = await launchApp()
  await expect(first.page.getByRole('button', { name: 'Start practising' })).toBeEnabled()
  say(`first start, until practice can be clicked: ${Math.round(performance.now() - startMs)} ms, with Playwright attached`)
  startMs = performance.now()
  await first.pages.setup.practice()
  await expect((await first.pages.market()).offers).toHaveCount(3)
  say(`from that click until three offers stand in the book: ${Math.round(performance.now() - startMs)} ms`)
  await first.electron.close()

  startMs = performance.now()
  const again = await launchApp()
  const { offers } = await again.pages.market()
  await expect(offers.first()).toBeVisible()
  say(`a later start, until the order book shows: ${Math.round(performance.now() - startMs)} ms, with Playwright attached`)
  await expect(offers).toHaveCount(3)
  const metrics = await inMainProcess(() =>
    again.electron.evaluate(({ app }) =>
      app.getAppMetrics().map(({ type, name, memory }) => ({ name: name ?? type, megabytes: Math.round(memory.workingSetSize / 1_024) })),
    ),
  )
  for (const { name, megabytes } of metrics) say(`resident memory of ${name}: ${megabytes} MB`)
  expect(metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(['Browser', 'Tab', 'Witnesses']))
  expect(metrics.filter(({ megabytes }) => megabytes === 0)).toEqual([])
})

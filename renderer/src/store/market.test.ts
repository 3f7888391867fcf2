import { expect, test, vi } from 'vitest'
import { contractExamples } from '../../../core/contract/testing/contract-examples.ts'
import { createMarketClient } from '../api/client.ts'
import { createFakeMarket } from '../testing/fake-market.ts'
import { createMarket } from './market.ts'

const marketWith = (wereReset: boolean) => {
  const answer = { ok: true, value: { ...contractExamples.settings.get.output, wereReset } } as const
  const { connection } = createFakeMarket(() => ({ settings: { get: () => answer } }))
  return createMarket({
    client: createMarketClient(connection.transport),
    connection,
    nowMs: () => 0,
    after: () => () => undefined,
  })
}

test.each([
  [true, 'settings-reset'],
  [false, null],
] as const)(
  'settings that were reset (%s) are remarked on when they are first read, and not again once that is put away',
  async (wereReset, said) => {
    const { settings, remark } = marketWith(wereReset)
    const reads: string[] = []
    settings.store.subscribe(({ status }) => reads.push(status))
    settings.retain()
    await vi.waitFor(() => expect(reads).toEqual(['ready']))
    expect(remark.getState()).toBe(said)
    remark.setState(null, true)
    settings.refresh()
    await vi.waitFor(() => expect(reads).toEqual(['ready', 'ready']))
    expect(remark.getState()).toBeNull()
  },
)

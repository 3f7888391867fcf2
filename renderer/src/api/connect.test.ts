import { describe, expect, test } from 'vitest'
import { describeTransport } from '../../../core/contract/testing/transport-compliance.ts'
import { silentLog } from '../../../core/platform/log.ts'
import { createSeededRandom } from '../../../core/platform/random.ts'
import { startMarketServer } from '../../../headless/websocket-server.ts'
import { connectSocket, takeToken } from './connect.ts'

/** What a tab shows and remembers of itself. */
const createTab = (address: string, remembered = new Map<string, string>()) => {
  const location = new URL(address)
  const replaceState = (_state: unknown, _title: string, path?: string | URL | null): void => {
    location.href = new URL(path ?? '', location).href
  }
  const sessionStorage = {
    getItem: (key: string) => remembered.get(key) ?? null,
    setItem: (key: string, value: string) => void remembered.set(key, value),
  }
  return { location, history: { replaceState }, sessionStorage, remembered }
}

// The page's own way from the address that the headless market prints.
describeTransport('WebSocket from the printed address', async ({ dispatcher }) => {
  const started = await startMarketServer({ dispatcher, files: null, random: createSeededRandom('page'), log: silentLog }, 0)
  if (!started.ok) throw new Error(started.error.message)
  const tab = createTab(started.value.pageUrl)
  const { transport, close } = connectSocket(tab.location, takeToken(tab) ?? 'none')
  const dispose = async () => {
    close()
    await started.value.close()
  }
  return { transport, close, dispose }
})

describe('the token', () => {
  const page = 'http://127.0.0.1:4321/'
  const [token, otherToken] = ['a1'.repeat(32), 'b2'.repeat(32)]

  test('is taken out of the address, and a reload of the tab still has it', () => {
    const tab = createTab(`${page}#token=${token}`)
    expect([takeToken(tab), tab.location.href]).toEqual([token, page])
    expect(takeToken(createTab(page, tab.remembered))).toBe(token)
  })

  test('of a newer address replaces the one remembered', () => {
    const { remembered } = createTab(page, new Map([['market-token', otherToken]]))
    const tab = createTab(`${page}#token=${token}`, remembered)
    expect([takeToken(tab), takeToken(createTab(page, remembered))]).toEqual([token, token])
  })

  test.each(['', '#', `#${token}`, `#token=${token}0`, `#token=${token.toUpperCase()}`, `?token=${token}`])(
    'is not found in an address that ends in "%s"',
    (end) => {
      const tab = createTab(`${page}${end}`)
      expect([takeToken(tab), tab.remembered.size]).toEqual([null, 0])
    },
  )
})

import { expect, type WebSocketRoute } from '@playwright/test'
import { expectSettledTrade } from './flows.ts'
import { chromiumPath, test } from './harness/browser.ts'
import { pagesOf } from './pages/pages.ts'

test.skip(chromiumPath === null, 'There is no Chromium here. Install it with: apt-get install -y chromium')

test('the same screen does the same trade in a browser against the headless market', async ({ daemon, systemBrowser }) => {
  const page = await systemBrowser.newPage()
  const violations: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') violations.push(message.text())
  })
  await page.goto(daemon.pageUrl)
  await expect(page).toHaveURL(/\/$/)
  await expectSettledTrade(pagesOf(page))

  await page.reload()
  await expect((await pagesOf(page).market()).offers).toHaveCount(3)
  expect(violations).toEqual([])
  await page.close()
})

test('what was typed is there again in a new window, until it is asked', async ({ daemon, systemBrowser }) => {
  const context = await systemBrowser.newContext()
  const first = await context.newPage()
  await first.goto(daemon.pageUrl)
  await expect((await pagesOf(first).market()).offers).toHaveCount(3)
  const typing = await pagesOf(first).ask()
  await typing.prompt.fill('What is in this?')
  await typing.attach([{ name: 'notes.txt', content: 'a note' }])
  const kept = async (): Promise<string | null> => {
    const answer = await daemon.client.tasks.draft({})
    return answer.ok ? answer.value.text : null
  }
  await expect.poll(kept).toContain('a note')
  await first.close()

  const second = await context.newPage()
  await second.goto(daemon.pageUrl)
  await expect((await pagesOf(second).market()).offers).toHaveCount(3)
  const asking = await pagesOf(second).ask()
  await expect(asking.prompt).toHaveValue('What is in this?')
  await expect(asking.attachments).toHaveCount(1)
  await asking.ask('What is in this, in a word?')
  await expect(asking.task).toBeVisible()
  await expect.poll(kept).toBeNull()
  await context.close()
})

test('a payment goes on behind its closed dialog, which neither comes back by itself nor offers it again', async ({
  daemon,
  systemBrowser,
}) => {
  const context = await systemBrowser.newContext()
  const page = await context.newPage()
  const held: (() => void)[] = []
  let isHeld = false
  await page.routeWebSocket('**/contract', (socket) => {
    const market = socket.connectToServer()
    market.onMessage((message) => (isHeld ? void held.push(() => socket.send(message)) : socket.send(message)))
  })
  await page.goto(daemon.pageUrl)
  const pages = pagesOf(page)
  await expect((await pages.market()).offers).toHaveCount(3)
  const wallet = await pages.wallet()
  isHeld = true
  await wallet.order('a'.repeat(64), '2')
  await expect(wallet.sending).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(wallet.sending).toBeVisible()
  await page.keyboard.press('Escape')

  await expect.poll(() => held.length).toBeGreaterThan(0)
  isHeld = false
  held.forEach((deliver) => deliver())
  await expect(wallet.movements.filter({ hasText: 'Transfer' })).toHaveCount(1)
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByLabel('To account')).toHaveValue('')
  await context.close()
})

test('without the key the page says what to do', async ({ daemon, systemBrowser }) => {
  const context = await systemBrowser.newContext()
  const page = await context.newPage()
  await page.goto(new URL('/', daemon.pageUrl).href)
  await expect(page.getByRole('alert')).toContainText('the part after # is the key')
  await context.close()
})

test('a message of a wrong shape and a market that goes away are said so, and what was there stays', async ({ daemon, systemBrowser }) => {
  const context = await systemBrowser.newContext()
  const page = await context.newPage()
  const toMarket: WebSocketRoute[] = []
  await page.routeWebSocket('**/contract', (socket) => void toMarket.push(socket.connectToServer()))
  await page.goto(daemon.pageUrl)
  const { offers } = await pagesOf(page).market()
  await expect(offers).toHaveCount(3)
  toMarket[0]?.send('{"kind":"shutdown"}')
  await expect(pagesOf(page).remark).toContainText('The market could not read something')
  await daemon.stop()
  await expect(page.getByText('The connection to the market was lost')).toBeVisible()
  await expect(offers).toHaveCount(3)
  await context.close()
})

import { expect } from '@playwright/test'
import { fakeLocalModel, fakeLocalWords, startFakeOpenAi } from '../core/executors/fixtures/fake-openai.ts'
import type { LoopbackServer } from '../core/executors/fixtures/loopback-server.ts'
import { verifyAuditFile } from '../headless/audit.ts'
import { chooseAccount, foundAndInvite } from './flows.ts'
import { test } from './harness/app.ts'
import { startDaemon, type Daemon } from './harness/daemon.ts'
import { saveAs } from './harness/save-as.ts'
import type { Pages } from './pages/pages.ts'
import type { ProvidePage } from './pages/provide-page.ts'

type Client = Daemon['client']

const acknowledge = async ({ consents }: Client): Promise<void> => {
  const standing = await consents.standing({})
  if (!standing.ok) throw new Error(standing.error.message)
  const { textHash } = standing.value.requester.document
  expect(await consents.acknowledge({ requestId: crypto.randomUUID(), textHash })).toMatchObject({ ok: true })
}

const askFor = async ({ tasks }: Client, prompt: string, classKey = fakeLocalModel): Promise<string> => {
  const asked = await tasks.ask({
    requestId: crypto.randomUUID(),
    prompt,
    classKey,
    maxOutputTokens: 128,
    maxPriceMicro: 1_000_000n,
    mode: 'first',
    deadlineMs: 60_000,
  })
  if (!asked.ok) throw new Error(asked.error.message)
  return asked.value.taskId
}
const taskOf = async ({ tasks }: Client, taskId: string) => {
  const got = await tasks.get({ taskId })
  return got.ok ? got.value : null
}
const fundsOf = async ({ wallet }: Client) => {
  const summary = await wallet.summary({})
  return summary.ok ? { available: summary.value.availableMicro, locked: summary.value.lockedMicro } : null
}

/** The founder's daemon is the client of whoever joins. */
const joinCommunity = async (pages: Pages, founder: Daemon): Promise<void> => {
  await pages.setup.pasteInvite(await foundAndInvite(founder, 'community'))
  await pages.setup.goOn()
  await chooseAccount(pages)
  await pages.setup.press('Join Our team')
  await acknowledge(founder.client)
}

const chooseLocalModel = async (providing: ProvidePage, model: LoopbackServer): Promise<void> => {
  await providing.setUp()
  await providing.choose('local')
  await providing.fill('Address', `${model.url}/v1`)
  await providing.checkAndTake(fakeLocalModel)
}

/** The consent is refused once, which offers nothing, and then given. */
const consentAndStart = async (providing: ProvidePage, client: Client, model: LoopbackServer): Promise<void> => {
  await chooseLocalModel(providing, model)
  await providing.fill('Tasks a day', '5')
  await providing.start()
  await expect(providing.consent.answer('Refuse')).toBeFocused()
  await expect(providing.consent.isRead).not.toBeChecked()
  await expect(providing.consent.answer('Agree and start')).toBeDisabled()
  await providing.consent.refuse()
  await expect(providing.consent.dialog).toBeHidden()
  const book = await client.orders.book({ classKey: null, limit: 10, offersCursor: null, requestsCursor: null })
  expect(book).toMatchObject({ ok: true, value: { offers: { rows: [] } } })

  await providing.start()
  await providing.consent.agree()
  await expect(providing.state).toHaveAttribute('data-state', 'running')
  await expect(providing.title).toBeFocused()
  await expect(providing.title).toBeInViewport()
}

/** A provider keeps its only slot for a bid it has made, even one for a task cancelled since; a question that nobody takes is asked again. */
const askUntilHeld = async (providing: ProvidePage, client: Client, prompt: string): Promise<string> => {
  const taskId = await askFor(client, prompt)
  const isHeld = async (): Promise<boolean> => (await providing.approvals.filter({ hasText: prompt }).count()) > 0
  const isOver = async (): Promise<boolean> => overStates.includes((await taskOf(client, taskId))?.state ?? '')
  await expect.poll(async () => (await isHeld()) || (await isOver()), { timeout: 30_000 }).toBe(true)
  return (await isHeld()) ? taskId : askUntilHeld(providing, client, prompt)
}
const overStates: readonly string[] = ['failed', 'refunded', 'cancelled']

/** The first is refused and the second runs. */
const expectAWordOnEachTask = async (providing: ProvidePage, client: Client, model: LoopbackServer): Promise<void> => {
  const before = await fundsOf(client)
  const refused = await askFor(client, 'The whole text of the first question')
  await expect(providing.approvals).toContainText('The whole text of the first question')
  await providing.decide(providing.approvals, 'Refuse')
  await expect(providing.approvals).toHaveCount(0)
  await client.tasks.cancel({ requestId: crypto.randomUUID(), taskId: refused })
  await expect.poll(() => fundsOf(client)).toEqual(before)
  // Its only slot is free again.
  await expect(providing.state.page().getByText('nothing runs')).toBeVisible()

  const approved = await askUntilHeld(providing, client, 'The whole text of the second question')
  await providing.decide(providing.approvals, 'Run once')
  await expect.poll(async () => (await taskOf(client, approved))?.state).toBe('settled')
  expect(await taskOf(client, approved)).toMatchObject({ answer: fakeLocalWords.join('') })
  expect(model.requests.filter(({ path }) => path === '/v1/chat/completions')).toHaveLength(1)
  await expect(providing.earned).not.toHaveText(/^0(\.0+)? RUV$/)
}

/** A second one is tried out and added beside the first; its tasks need no word. */
const addSecond = async (providing: ProvidePage, model: LoopbackServer): Promise<void> => {
  await chooseLocalModel(providing, model)
  await providing.tryOut('A question of my own')
  await expect(providing.triedOut).toHaveText(fakeLocalWords.join(''))
  // The dialog stands in the form of the choice, and sends nothing but its own.
  await expect(providing.consent.dialog).toBeHidden()
  await providing.state.page().keyboard.press('Escape')
  await providing.fill('Offered as', secondClass)
  await providing.state.page().getByText('Ask me before each task of a stranger').click()
  await providing.start()
  await providing.consent.agree()
  await expect(providing.backends).toHaveCount(2)
  await expect(providing.backends.nth(1)).toHaveAttribute('data-state', 'on')
}
const secondClass = 'second-class'

test('of two backends one is withdrawn, and the other keeps serving', async ({ launchApp, newUserDataPath }) => {
  const [one, other] = [await startFakeOpenAi(), await startFakeOpenAi()]
  const founder = await startDaemon(await newUserDataPath(), [])
  const { client } = founder
  const { page, pages } = await launchApp()
  await joinCommunity(pages, founder)

  const providing = await pages.provide()
  await consentAndStart(providing, client, one)
  await addSecond(providing, other)
  await expect(providing.backends.first().getByRole('button', { name: 'Test' })).toBeVisible()
  await providing.backends.first().getByRole('button', { name: 'Test' }).click()
  await expect(providing.backends.first().getByText(/^It answers/)).toBeVisible()
  await expect((await pages.market()).offers).toHaveCount(2)
  const first = await askFor(client, 'A question to the second backend', secondClass)
  await expect.poll(async () => (await taskOf(client, first))?.state).toBe('settled')

  const settings = await pages.settings()
  // The newest stands first.
  await settings.withdraw(settings.consents.nth(1))
  await expect(settings.consents.nth(1)).toHaveAttribute('data-status', 'revoked')
  await expect((await pages.market()).offers).toHaveCount(1)
  await pages.provide()
  await expect(providing.backends.first()).toHaveAttribute('data-state', 'off')
  await expect(providing.backends.nth(1)).toHaveAttribute('data-state', 'on')
  const second = await askFor(client, 'Another question to the second backend', secondClass)
  await expect.poll(async () => (await taskOf(client, second))?.state).toBe('settled')
  const runs = (model: LoopbackServer) => model.requests.filter(({ path }) => path === '/v1/chat/completions').length
  expect([runs(one), runs(other)]).toEqual([0, 3])
  await expect(page.getByRole('alert')).toHaveCount(0)
  await founder.stop()
  await one.close()
  await other.close()
})

test('a card that slides under a click, or is clicked on the way into the window, is not approved by it', async ({
  launchApp,
  newUserDataPath,
}) => {
  const model = await startFakeOpenAi()
  const founder = await startDaemon(await newUserDataPath(), [])
  const { client } = founder
  const { page, pages } = await launchApp()
  await joinCommunity(pages, founder)
  const providing = await pages.provide()
  await chooseLocalModel(providing, model)
  await providing.fill('Tasks at a time', '2')
  await providing.fill('Tasks a day', '5')
  await providing.start()
  await providing.consent.agree()
  await expect(providing.state).toHaveAttribute('data-state', 'running')
  const offers = async (): Promise<number> => {
    const book = await client.orders.book({ classKey: null, limit: 10, offersCursor: null, requestsCursor: null })
    return book.ok ? book.value.offers.rows.length : 0
  }
  await expect.poll(offers).toBe(1)

  const first = await askUntilHeld(providing, client, 'The first, which is withdrawn')
  await askUntilHeld(providing, client, 'The second, which nobody has read')
  const runOnce = providing.approvals.first().getByRole('button', { name: 'Run once' })
  await expect(runOnce).toBeEnabled()
  /** What the button of the topmost card says of itself at the very moment at which the other card is gone. */
  const atOnce = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const look = (): void => {
          const cards = document.querySelectorAll('[data-testid=approval]')
          const [card] = cards
          if (cards.length !== 1 || card === undefined) return
          watch.disconnect()
          const [button] = card.querySelectorAll('button')
          resolve(`${card.textContent.includes('The second')} ${button?.disabled}`)
        }
        const watch = new MutationObserver(look)
        watch.observe(document.body, { childList: true, subtree: true })
      }),
  )
  await client.tasks.cancel({ requestId: crypto.randomUUID(), taskId: first })
  expect(await atOnce).toBe('true true')
  await expect(runOnce).toBeEnabled()
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect(runOnce).toBeDisabled()
  await expect(runOnce).toBeEnabled()
  expect(model.requests.filter(({ path }) => path === '/v1/chat/completions')).toEqual([])
  await founder.stop()
  await model.close()
})

test('a local model serves a community after consent; a refused task costs nothing, an approved one is paid, and withdrawal ends it', async ({
  launchApp,
  newUserDataPath,
}) => {
  const model = await startFakeOpenAi()
  const founder = await startDaemon(await newUserDataPath(), [])
  const { client } = founder
  const app = await launchApp()
  const { page, pages } = app
  await joinCommunity(pages, founder)

  const providing = await pages.provide()
  await consentAndStart(providing, client, model)
  await expect((await pages.market()).offers).toHaveCount(1)
  await pages.provide()
  await expectAWordOnEachTask(providing, client, model)

  const settings = await pages.settings()
  await settings.withdraw(settings.consents.first())
  await expect(settings.consents.first()).toHaveAttribute('data-status', 'revoked')
  const { path, text } = await saveAs(app, settings.exportDecisions)
  expect(await verifyAuditFile(path)).toMatchObject({ ok: true })
  expect(text).not.toContain('The whole text of the second question')
  await expect((await pages.market()).offers).toHaveCount(0)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await founder.stop()
  await model.close()
})

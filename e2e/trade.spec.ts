import { expect, type Locator } from '@playwright/test'
import AxeBuilder from '@axe-core/playwright'
import { checkProof } from '../core/proofs/check.ts'
import { test } from './harness/app.ts'
import { saveAs } from './harness/save-as.ts'
import { expectSettledTrade } from './flows.ts'
import { askPage } from './pages/ask-page.ts'
import { takeScreenshots } from './harness/screenshots.ts'

test('practice, ask, streamed answer, settled, and the balances add up', async ({ app }) => {
  await expectSettledTrade(app.pages)
  await takeScreenshots(app.page, 'settled')
  // Legacy mode: Electron gives a test no second page to finish in.
  const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode().analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
})

test('the first start and a whole trade need no mouse', async ({ launchApp }) => {
  const { page } = await launchApp()
  const reach = async (wanted: Locator): Promise<void> => {
    await wanted.waitFor()
    const isReached = (): Promise<boolean> => wanted.evaluate((element) => element === document.activeElement)
    for (let steps = 0; steps < 40 && !(await isReached()); steps += 1) await page.keyboard.press('Tab')
    await expect(wanted).toBeFocused()
  }
  await reach(page.getByRole('button', { name: 'Start practising' }))
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  await page.keyboard.press('Control+3')
  await expect(page.getByTestId('offer')).toHaveCount(3)
  await page.keyboard.press('Control+2')
  const asking = askPage(page)
  await reach(asking.prompt)
  await page.keyboard.type('Why is the sea salty?')
  await reach(page.getByRole('button', { name: 'Ask', exact: true }))
  await page.keyboard.press('Enter')
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  await page.keyboard.press('Control+5')
  await expect(page.getByTestId('conservation')).toHaveAttribute('data-holds', 'true')
})

test('the best of three wins when the best bid is taken, and the screen says why', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const asking = await app.pages.ask()
  await asking.ask('Name three uses of a certificate.', { mode: 'Best bid' })
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  await expect(asking.bids.filter({ hasText: 'won' })).toHaveCount(1)
  await expect(asking.whyWon).toContainText(
    /won (?:as the only bid|with the best score of [23]: (?:the lowest price|the best standing|the fastest promise))/,
  )

  await app.pages.ask()
  await asking.search('CERTIF')
  await expect(asking.found).toHaveCount(1)
  await expect(asking.found.locator('mark').first()).toHaveText(/^certif/i)
  await asking.search('"nobody asked this')
  await expect(asking.found).toHaveCount(0)
})

test('one standing offer is taken: its provider alone is asked, though others are cheaper', async ({ app }) => {
  const market = await app.pages.market()
  await expect(market.offers).toHaveCount(3)
  await market.take(2)
  await expect(app.page.getByTestId('taken-offer')).toBeVisible()
  const asking = askPage(app.page)
  await asking.ask('Name two uses of an escrow.')
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  await expect(asking.bids).toHaveCount(1)
})

test('a provider that is never wanted again answers the next question no more, until that is taken back', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const winner = async (question: string): Promise<string> => {
    const asking = await app.pages.ask()
    await asking.ask(question)
    await expect(asking.task).toHaveAttribute('data-state', 'settled')
    return asking.bids.filter({ hasText: 'won' }).locator('.peer-id').innerText()
  }
  const first = await winner('Name three tides.')
  await askPage(app.page).say('Never again')
  const marked = (await app.pages.market()).offers.filter({ hasText: 'Never again' })
  await expect(marked).toHaveCount(1)
  await expect(marked).toContainText(first)
  expect(await winner('Name three more tides.')).not.toBe(first)
  const said = (await app.pages.settings()).opinions.filter({ hasText: first })
  await said.getByRole('button', { name: 'Take back' }).click()
  await expect(said).toHaveCount(0)
  await app.pages.market()
  await expect(marked).toHaveCount(0)
})

test('what was typed stays when it cannot be asked, and the reason is said', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const asking = await app.pages.ask()

  await asking.ask('A question with an impossible cap', { cap: 'nothing' })
  await expect(asking.problem).toContainText('the most you would pay')
  await expect(asking.prompt).toHaveValue('A question with an impossible cap')

  await asking.ask('A question nobody can pay for', { cap: '5000' })
  await expect(asking.problem).toBeVisible()
  await expect(asking.prompt).toHaveValue('A question nobody can pay for')

  expect((await (await app.pages.wallet()).amounts()).lockedMicro).toBe(0n)
})

test('a key in a question is replaced before it is sealed, and the screen shows what the provider reads', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const asking = await app.pages.ask()
  await asking.ask(`My key is sk-ant-api03-${'A'.repeat(93)}-AAAAAAAA, is it safe?`)
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  const read = await asking.showReads()
  await expect(read).toContainText('is it safe?')
  await expect(read).not.toContainText('sk-ant')
})

test('a file goes with a question: searched like it, read by the provider word for word, and shown as a file again', async ({ app }) => {
  await expect((await app.pages.market()).offers).toHaveCount(3)
  const asking = await app.pages.ask()
  await asking.attach([
    { name: 'photo.png', content: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
    { name: 'people.csv', content: 'name,mail\nAda,ada@example.org\n' },
  ])
  await expect(asking.attachments).toHaveText(['people.csv30B'])
  await expect(app.page.getByRole('status').filter({ hasText: 'photo.png is not text' })).toBeVisible()
  await asking.ask('Who is in this list?')
  await expect(asking.task).toHaveAttribute('data-state', 'settled')
  await expect(asking.attachments).toHaveText(['people.csv30B'])
  await expect(await asking.showReads()).toContainText(
    'Who is in this list?\n\nAttached file 1 of 1: people.csv\n```\nname,mail\nAda,[EMAIL-1]\n\n```',
  )
  await app.page.keyboard.press('Escape')
  await app.page.getByRole('button', { name: 'Ask again' }).click()
  await expect(asking.prompt).toHaveValue('Who is in this list?')
  await expect(asking.attachments).toHaveText(['people.csv30B'])
})

test('what the wallet and an escrow export with proof holds for whoever checks it', async ({ app }) => {
  const exported = async (name: string): Promise<string> =>
    (await saveAs(app, app.page.getByRole('button', { name, exact: true }).first())).text
  await expectSettledTrade(app.pages)
  await app.pages.wallet()
  const account = checkProof(await exported('Export with proof'))
  expect(account.ok && account.value.about.kind === 'account' && account.value.about.state.step >= 0).toBe(true)
  expect(await exported('Export as a table')).toMatch(/^time,kind,amount_ruv.*\r\n/)
  await app.page.getByTestId('movement').getByRole('link').first().click()
  await expect(app.page.getByTestId('escrow-detail')).toHaveAttribute('data-phase', 'settled')
  const escrow = checkProof(await exported('Export with proof'))
  expect(escrow).toMatchObject({ ok: true, value: { about: { kind: 'escrow', state: { phase: 'settled' } } } })
  expect(checkProof(await exported('Export'))).toMatchObject({ ok: true, value: { about: { kind: 'decree' } } })
})

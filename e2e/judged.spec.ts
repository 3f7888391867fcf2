import { expect } from '@playwright/test'
import { chooseAccount, passphrase } from './flows.ts'
import { test as base, type MarketApp } from './harness/app.ts'
import { startFederation, type RunningFederation } from './harness/federation.ts'
import { escrowsPage } from './pages/escrows-page.ts'
import { takeScreenshots } from './harness/screenshots.ts'

const test = base.extend<{ readonly federation: RunningFederation }>({
  federation: async ({ newUserDataPath }, use) => {
    const federation = await startFederation(await newUserDataPath())
    await use(federation)
    await federation.stop()
  },
})
// Two apps and six nodes, and arbiters who are told of their cases by and by.
test.setTimeout(240_000)

const question = 'Name the three primary colours.'
const reason = 'It names no colour at all.'
const availableOf = async ({ pages }: MarketApp): Promise<bigint> => (await (await pages.wallet()).amounts()).availableMicro
const join = async (app: MarketApp, federation: RunningFederation): Promise<void> => {
  const { setup } = app.pages
  let link = ''
  await expect(async () => (link = await federation.invite())).toPass()
  await setup.pasteInvite(link)
  await setup.goOn()
  await chooseAccount(app.pages)
  await setup.press('Join Practice')
  await expect.poll(() => availableOf(app)).toBe(25_000_000n)
}
const bringBack = async ({ pages: { setup } }: MarketApp, { file }: RunningFederation, phrase: string): Promise<void> => {
  await setup.beginRestoring()
  await setup.fill('Backup file, federation file or invite link', file)
  await setup.fill('Recovery phrase', phrase)
  await setup.goOn()
  await setup.fill('Passphrase', passphrase)
  await setup.fill('The same again', passphrase)
  await setup.press('Bring it back')
}

test('an answer that is paid by hand is disputed; two arbiters, one at the app’s own desk, read both sides and rule; the RUV come back', async ({
  federation,
  launchApp,
  newUserDataPath,
}) => {
  const [first, second] = federation.arbiters
  if (first === undefined || second === undefined) throw new Error('the federation has arbiters')

  const asker = await launchApp()
  await join(asker, federation)

  const arbiter = await launchApp({ userDataPath: await newUserDataPath() })
  await bringBack(arbiter, federation, second.phrase)

  await expect((await asker.pages.market()).offers).not.toHaveCount(0)
  const asking = await asker.pages.ask()
  await asking.ask(question, { paid: 'By hand' })
  await asking.confirmReaders()
  await expect(asking.task).toHaveAttribute('data-state', 'delivered')
  await expect(asking.decide).toContainText('If you do neither, it is paid by itself')
  await takeScreenshots(asker.page, 'by-hand')
  await asking.dispute()

  const escrows = escrowsPage(asker.page)
  await escrows.goThroughWizard({ reason: 'It answers something else', details: reason, shows: ['My question', 'What arrived here'] })
  await expect(escrows.seats).toHaveCount(3)
  await expect(escrows.disputeState).toContainText('3 of 3 arbiters', { timeout: 60_000 })

  const desk = await arbiter.pages.escrows()
  await desk.openDesk()
  await desk.open(desk.cases.first())
  await expect(desk.exhibit('client')).toContainText(`It answers something else. ${reason}`)
  await expect(desk.exhibit('client')).toContainText('It is the question both sides signed for')
  await expect(desk.exhibit('provider')).toContainText('is the one whose delivery was registered')
  await takeScreenshots(arbiter.page, 'judged-desk')
  await desk.rule('Everything back to the client')
  await expect(arbiter.page.getByText('You have signed: Everything back to the client.')).toBeVisible()
  await expect(async () => {
    const cases = await first.client.arbiter.list({})
    const escrowId = cases.ok ? (cases.value.rows[0]?.escrowId ?? '') : ''
    expect(await first.client.arbiter.rule({ requestId: crypto.randomUUID(), escrowId, outcome: 'refund' })).toMatchObject({ ok: true })
  }).toPass({ timeout: 60_000 })

  await expect(escrows.detail).toHaveAttribute('data-phase', 'settled', { timeout: 60_000 })
  await expect(asker.page.getByText('The panel ruled.')).toBeVisible()
  await takeScreenshots(asker.page, 'judged-escrow')
  await expect.poll(() => availableOf(asker)).toBe(25_000_000n)
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { foundAndInvite, chooseAccount, passphrase } from './flows.ts'
import { startSecondInstance, test } from './harness/app.ts'
import { startDaemon } from './harness/daemon.ts'
import { saveAs } from './harness/save-as.ts'

test('an invite that is opened leads a newcomer in, and only by its own buttons', async ({ launchApp, newUserDataPath }) => {
  const founderData = await newUserDataPath()
  const founder = await startDaemon(founderData, [])
  const link = await foundAndInvite(founder)
  const app = await launchApp({ opened: link })
  const { incoming, setup } = app.pages
  await expect(incoming.dialog).toContainText('Our team')
  await incoming.press('Not now')
  await expect(setup.title).toContainText('Share AI capacity')

  await startSecondInstance(app, link)
  await incoming.press('Join with it')
  await expect(setup.leadsTo).toContainText('Our team')
  await setup.goOn()
  await chooseAccount(app.pages)
  await setup.press('Join Our team')
  const wallet = await app.pages.wallet()
  await expect.poll(async () => (await wallet.amounts()).availableMicro).toBe(25_000_000n)

  // The same market runs now: another invite of it brings its RUV, once its owner says so.
  const made = await founder.client.invites.create({ requestId: crypto.randomUUID(), amountMicro: 5_000_000n })
  await startSecondInstance(app, made.ok ? made.value.link : '')
  await expect(incoming.dialog).toContainText('your own federation')
  await expect(app.pages.remark).toBeHidden()
  expect((await wallet.amounts()).availableMicro).toBe(25_000_000n)
  await incoming.press('Take its RUV')
  await expect(incoming.dialog).toContainText('5.00 RUV are yours now')
  await incoming.press('Done')
  await expect.poll(async () => (await wallet.amounts()).availableMicro).toBe(30_000_000n)

  const file = join(await newUserDataPath(), 'Our team.claude-market')
  writeFileSync(file, readFileSync(join(founderData, 'federation.json')))
  await startSecondInstance(app, file)
  await expect(incoming.dialog).toContainText('It is of the federation you are in')
  await incoming.press('Not now')

  await startSecondInstance(app, 'claude-market://transfer/AQ?amount=1000')
  await expect(incoming.dialog).toContainText('not an invite link')
  await incoming.press('Close')
  await expect(incoming.dialog).toBeHidden()
  await founder.stop()
})

test('whoever practises is told so, and puts the practice aside to go on', async ({ app, newUserDataPath }) => {
  const founder = await startDaemon(await newUserDataPath(), [])
  const link = await foundAndInvite(founder)
  await founder.stop()
  await expect((await app.pages.market()).offers).toHaveCount(3)
  await startSecondInstance(app, link)
  const { incoming, setup } = app.pages
  await expect(incoming.dialog).toContainText('You are practising now')
  await incoming.press('Put practice aside')
  await incoming.press('Join with it')
  await expect(setup.leadsTo).toContainText('Our team')
})

test('a backup file that is opened brings its account back on another computer, with its own words alone', async ({
  launchApp,
  newUserDataPath,
}) => {
  const founder = await startDaemon(await newUserDataPath(), [])
  const app = await launchApp({ opened: await foundAndInvite(founder) })
  await app.pages.incoming.press('Join with it')
  await app.pages.setup.goOn()
  const words = await chooseAccount(app.pages)
  await app.pages.setup.press('Join Our team')
  const wallet = await app.pages.wallet()
  await expect.poll(async () => (await wallet.amounts()).availableMicro).toBe(25_000_000n)
  const { text } = await saveAs(app, (await app.pages.settings()).saveBackup)
  const file = join(await newUserDataPath(), 'account.claude-market-backup')
  writeFileSync(file, text)
  await startSecondInstance(app, file)
  await expect(app.pages.incoming.dialog).toContainText('It is of the account that runs here')
  await app.pages.incoming.press('Close')
  await app.electron.close()

  const other = await launchApp({ userDataPath: await newUserDataPath(), opened: file })
  const { incoming, setup } = other.pages
  await expect(incoming.dialog).toContainText('Our team')
  await incoming.press('Bring this account back')
  await expect(setup.leadsTo).toContainText('From this backup file')
  await setup.fill('Recovery phrase', `${'abandon '.repeat(23)}art`)
  await setup.goOn()
  await expect(setup.problem).toContainText('of another account than these words')
  await setup.fill('Recovery phrase', words.join(' '))
  await setup.goOn()
  await setup.fill('Passphrase', passphrase)
  await setup.fill('The same again', passphrase)
  await setup.press('Bring it back')
  await expect.poll(async () => (await (await other.pages.wallet()).amounts()).availableMicro).toBe(25_000_000n)

  writeFileSync(file, text.slice(0, -20))
  await startSecondInstance(other, file)
  await expect(incoming.dialog).toContainText('damaged, or only a part of one')
  await incoming.press('Close')
  await founder.stop()
})

import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { chooseAccount, expectSettledTrade, passphrase } from './flows.ts'
import { test, type MarketApp } from './harness/app.ts'

test('the first start, practice by one click, a trade, and everything is there after a restart; records that are gone are said to be', async ({
  launchApp,
}) => {
  const first = await launchApp()
  await first.pages.setup.practice()
  await expectSettledTrade(first.pages)
  const wallet = await (await first.pages.wallet()).amounts()
  await first.electron.close()

  const again = await launchApp()
  await expect((await again.pages.escrows()).rows.first()).toHaveAttribute('data-phase', 'settled')
  expect(await (await again.pages.wallet()).amounts()).toEqual(wallet)
  await again.electron.close()

  truncateSync(join(first.userDataPath, 'market', 'practice', 'own', 'market.db'))
  const wiped = await launchApp()
  await expect(wiped.page.getByRole('status').filter({ hasText: 'The records of this computer were missing or empty.' })).toBeVisible()
  const { availableMicro } = wallet
  await expect.poll(async () => (await (await wiped.pages.wallet()).amounts()).availableMicro).toBe(availableMicro)
})

const found = async ({ pages }: MarketApp): Promise<readonly string[]> => {
  const { setup } = pages
  await setup.beginFounding()
  await setup.fill('Name', 'Our team')
  await setup.fill('The Anthropic customer', 'Our company')
  await setup.fill('All RUV there will ever be', '1000')
  await setup.goOn()
  const words = await chooseAccount(pages)
  await setup.press('Found Our team')
  return words
}
const availableOf = async ({ pages }: MarketApp): Promise<bigint> => (await (await pages.wallet()).amounts()).availableMicro

const expectNotRestored = async (app: MarketApp, federation: string, words: readonly string[], why: string): Promise<void> => {
  const { setup } = app.pages
  const phrase = words.join(' ')
  await setup.fill('Backup file, federation file or invite link', federation)
  await setup.fill('Recovery phrase', phrase)
  await setup.goOn()
  await expect(setup.problem).toContainText(why)
  await expect(app.page.getByLabel('Recovery phrase', { exact: true })).toHaveValue(phrase)
}

test('a federation that is founded here belongs to its founder, stays locked without the passphrase, and comes back by its words', async ({
  launchApp,
  newUserDataPath,
}) => {
  const first = await launchApp()
  const words = await found(first)
  await expect.poll(() => availableOf(first)).toBe(1_000_000_000n)
  const data = join(first.userDataPath, 'market')
  const federation = readFileSync(join(data, 'federation.json'), 'utf8')
  await first.electron.close()

  const { pages, ...again } = await launchApp()
  await pages.setup.unlock('three loud words')
  await expect(pages.setup.problem).toContainText('does not open the key file')
  await pages.setup.unlock(passphrase)
  await expect.poll(() => availableOf({ pages, ...again })).toBe(1_000_000_000n)

  const elsewhere = await launchApp({ userDataPath: await newUserDataPath() })
  const { setup } = elsewhere.pages
  await setup.beginRestoring()
  await expectNotRestored(elsewhere, '{"format":"recipe"}', words, 'This is not a federation file of Claude Market')
  await expectNotRestored(elsewhere, federation, words.with(3, 'zebar'), 'Word 4 ("zebar") is not one of the 2,048 words')
  await setup.fill('Recovery phrase', words.join(' '))
  await setup.goOn()
  await setup.fill('Passphrase', passphrase)
  await setup.fill('The same again', passphrase)
  await setup.press('Bring it back')
  await expect.poll(() => availableOf(elsewhere)).toBe(1_000_000_000n)
  await elsewhere.electron.close()

  // A whole phrase that nobody has used brings back nothing, and the screen says so.
  const other = await launchApp({ userDataPath: await newUserDataPath() })
  await other.pages.setup.beginRestoring()
  await other.pages.setup.fill('Backup file, federation file or invite link', federation)
  await other.pages.setup.fill('Recovery phrase', `${'abandon '.repeat(23)}art`)
  await other.pages.setup.goOn()
  await other.pages.setup.fill('Passphrase', passphrase)
  await other.pages.setup.fill('The same again', passphrase)
  await other.pages.setup.press('Bring it back')
  const notice = other.page.getByRole('status').filter({ hasText: 'knows no account of this recovery phrase' })
  await notice.getByRole('button', { name: 'Start over…' }).click()
  await other.pages.setup.press('Put it aside and start over')
  await expect(other.pages.setup.title).toContainText('Share AI capacity')
})

test('an invite made in one window leads a newcomer in by another, who has its credit', async ({ launchApp, newUserDataPath }) => {
  const founder = await launchApp()
  await found(founder)
  await expect.poll(() => availableOf(founder)).toBe(1_000_000_000n)
  await founder.pages.home()
  const toInvite = founder.page.getByRole('link', { name: 'Invite somebody' })
  await expect(toInvite).toBeVisible()
  const wallet = await founder.pages.wallet()
  const link = await wallet.invite('25')
  await expect(wallet.invites).toHaveAttribute('data-state', 'ready')
  expect(await wallet.linkOf(wallet.invites)).toBe(link)
  await founder.pages.home()
  await expect(founder.page.getByText('Lately')).toBeVisible()
  await expect(toInvite).toHaveCount(0)
  const newcomer = await launchApp({ userDataPath: await newUserDataPath() })
  const { setup } = newcomer.pages
  await setup.pasteInvite(link)
  await expect(setup.leadsTo).toContainText('Our team')
  await setup.goOn()
  await chooseAccount(newcomer.pages)
  await setup.press('Join Our team')
  await expect.poll(() => availableOf(newcomer)).toBe(25_000_000n)
  expect(await availableOf(founder)).toBe(975_000_000n)
})

test('a broken invite link is said so, and stays to be mended', async ({ launchApp }) => {
  const { pages, page } = await launchApp()
  const { setup } = pages
  const field = page.getByLabel('Invite link', { exact: true })
  await setup.pasteInvite('claude-market://invite/AAAA')
  await expect(setup.problem).toContainText('The end of this invite link is missing')
  await expect(field).toHaveValue('claude-market://invite/AAAA')
  // It was said only after an answer, to whoever hears the screen as well.
  await expect(field).toBeFocused()

  const tooLong = `claude-market://invite/${'A'.repeat(300_000)}`
  await field.fill(tooLong)
  await setup.press('See where it leads')
  await expect(setup.problem).toContainText('These are 300,023 characters, and at most 50,000 belong here')
  await expect(field).toHaveValue(tooLong)

  await field.fill('A'.repeat(1_200_000))
  await expect(setup.problem).toContainText('Only the first 1,000,000 characters of this are here')
  await expect(field).toHaveValue('A'.repeat(1_000_000))
})

test('a data folder that is damaged: why, another try, and starting over, which keeps the old one', async ({ userDataPath, launchApp }) => {
  mkdirSync(join(userDataPath, 'market'))
  writeFileSync(join(userDataPath, 'market', 'practice.json'), '{"half":')
  const { setup } = (await launchApp()).pages
  await expect(setup.problem).toContainText('is damaged')
  await setup.press('Try again')
  await expect(setup.problem).toContainText('is damaged')
  await setup.press('Start over…')
  await setup.press('Put it aside and start over')
  await expect(setup.title).toContainText('Share AI capacity')
  expect(
    readdirSync(userDataPath)
      .filter((name) => name.startsWith('market'))
      .toSorted(),
  ).toEqual(['market', 'market-2'])
  expect(readFileSync(join(userDataPath, 'market-2', 'practice.json'), 'utf8')).toBe('{"half":')
})

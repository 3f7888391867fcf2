import type { Locator, Page } from '@playwright/test'

/** The first start, the lock, and what is shown when no market can be opened. */
export type SetupPage = {
  readonly title: Locator
  readonly problem: Locator
  readonly practice: () => Promise<void>
  /** Begins to join, and reads the link. */
  readonly pasteInvite: (link: string) => Promise<void>
  /** What the link leads to. */
  readonly leadsTo: Locator
  readonly beginFounding: () => Promise<void>
  readonly beginRestoring: () => Promise<void>
  readonly fill: (label: string, text: string) => Promise<void>
  readonly goOn: () => Promise<void>
  readonly press: (name: string | RegExp) => Promise<void>
  /** Reads the words off the screen, says that they are written down, and proves those that are asked for. @returns the words */
  readonly writeDownAndProve: () => Promise<readonly string[]>
  readonly unlock: (passphrase: string) => Promise<void>
}

export const setupPage = (page: Page): SetupPage => {
  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click()
  const fill = (label: string, text: string): Promise<void> => page.getByLabel(label, { exact: true }).fill(text)
  const goOn = (): Promise<void> => press('Continue')
  const problem = page.locator('[role=alert], .field-error')
  const title = page.getByRole('heading', { level: 1 })
  return {
    title,
    problem,
    practice: () => press('Start practising'),
    pasteInvite: async (link) => {
      await press('Join')
      await fill('Invite link', link)
      await press('See where it leads')
    },
    leadsTo: page.locator('.setup-found'),
    beginFounding: () => press('Found one'),
    beginRestoring: () => press('Bring it back from its recovery phrase'),
    fill,
    goOn,
    press,
    writeDownAndProve: async () => {
      const words = await page.getByRole('list', { name: 'The words of your recovery phrase' }).getByRole('listitem').allInnerTexts()
      await page.getByText('I have written them down').click()
      await goOn()
      await title.filter({ hasText: 'Prove it to yourself' }).waitFor()
      const labels = await page.getByText(/^Word \d+$/).allInnerTexts()
      // Wrong ones go no further, and stay to be mended.
      for (const label of labels) await fill(label, 'wrong')
      await goOn()
      await problem.filter({ hasText: 'not what was shown' }).waitFor()
      for (const label of labels) await fill(label, words[Number(label.split(' ')[1]) - 1] ?? '')
      return words
    },
    unlock: async (passphrase) => {
      await fill('Passphrase', passphrase)
      await press('Unlock')
    },
  }
}

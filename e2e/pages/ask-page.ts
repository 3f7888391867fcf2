import type { Locator, Page } from '@playwright/test'

export type GivenFile = { readonly name: string; readonly content: string | Buffer }
export type AskOptions = { readonly cap?: string; readonly mode?: 'First bid' | 'Best bid'; readonly paid?: 'By itself' | 'By hand' }

/** The composer, and the question that it leads to. */
export type AskPage = {
  readonly prompt: Locator
  /** Takes files by the button; the system's dialog is answered with these. */
  readonly attach: (files: readonly GivenFile[]) => Promise<void>
  readonly attachments: Locator
  /** What the provider would read, in its dialog. */
  readonly showReads: () => Promise<Locator>
  readonly ask: (prompt: string, options?: AskOptions) => Promise<void>
  /** What has to be put right before it can be asked, or why it was refused. */
  readonly problem: Locator
  /** Who reads what is asked; shown before the first question to others. */
  readonly readers: Locator
  readonly confirmReaders: () => Promise<void>
  readonly asked: Locator
  /** What was found of it. */
  readonly found: Locator
  readonly search: (words: string) => Promise<void>
  readonly task: Locator
  readonly answer: Locator
  readonly bids: Locator
  /** Why the bid that won did. */
  readonly whyWon: Locator
  /** What is asked of its owner, when the answer waits for that. */
  readonly decide: Locator
  /** What its owner thinks of the provider that answered. */
  readonly opinion: Locator
  readonly say: (word: 'Again' | 'No opinion' | 'Never again') => Promise<void>
  /** Goes to its escrow, with the wizard open. */
  readonly dispute: () => Promise<void>
  readonly step: (name: string) => Locator
}

export const askPage = (page: Page): AskPage => {
  const prompt = page.getByLabel('Your question', { exact: true })
  return {
    prompt,
    attach: (files) =>
      page
        .locator('.composer input[type=file]')
        .setInputFiles(files.map(({ name, content }) => ({ name, mimeType: '', buffer: Buffer.from(content) }))),
    attachments: page.getByTestId('attachment'),
    showReads: async () => {
      await page.getByRole('button', { name: 'What the provider reads' }).click()
      return page.getByRole('dialog', { name: 'What the provider reads' })
    },
    ask: async (text, { cap, mode, paid } = {}) => {
      await prompt.fill(text)
      if (cap !== undefined) await page.getByLabel('At most').fill(cap)
      // The label is pressed, as by a person: the radio button itself is not drawn.
      if (mode !== undefined) await page.getByText(mode, { exact: true }).click()
      if (paid !== undefined) {
        await page.getByRole('button', { name: /Paid$/ }).click()
        await page.getByRole('option', { name: paid }).click()
      }
      await page.getByRole('button', { name: 'Ask', exact: true }).click()
    },
    problem: page.locator('.composer').locator('.field-error, [role=alert]'),
    readers: page.getByRole('alertdialog', { name: 'Who reads your tasks' }),
    confirmReaders: () => page.getByRole('button', { name: 'I have read this, ask' }).click(),
    asked: page.getByTestId('asked'),
    found: page.getByTestId('found'),
    search: (words) => page.getByLabel('Search what was asked and answered').fill(words),
    task: page.getByTestId('task'),
    answer: page.getByTestId('answer'),
    bids: page.getByTestId('bid'),
    whyWon: page.getByTestId('why-won'),
    decide: page.getByTestId('decide'),
    opinion: page.getByTestId('opinion'),
    // The label is pressed, as by a person: the radio button itself is not drawn.
    say: (word) => page.getByTestId('opinion').getByText(word, { exact: true }).click(),
    dispute: () => page.getByTestId('decide').getByRole('link', { name: 'Dispute it…' }).click(),
    step: (name) => page.getByTestId(`step-${name}`),
  }
}

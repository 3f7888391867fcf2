import type { Locator, Page } from '@playwright/test'

/** What is provided, and what others ask for. */
export type ProvidePage = {
  readonly title: Locator
  /** Has `data-state`. */
  readonly state: Locator
  readonly problem: Locator
  readonly press: (name: string) => Promise<void>
  /** Goes to where the backend is chosen. */
  readonly setUp: () => Promise<void>
  readonly choose: (backend: 'local' | 'anthropic' | 'practice') => Promise<void>
  readonly fill: (label: string, text: string) => Promise<void>
  /** Asks the backend what it can run, and takes the model of this name. */
  readonly checkAndTake: (model: string) => Promise<void>
  readonly addKey: (name: string, key: string) => Promise<void>
  /** Runs one's own words on the backend that is being chosen; the answer stays on the screen. */
  readonly tryOut: (words: string) => Promise<void>
  readonly triedOut: Locator
  readonly start: () => Promise<void>
  readonly consent: Consent
  /** Each has `data-state`. */
  readonly backends: Locator
  readonly approvals: Locator
  readonly earned: Locator
  readonly decide: (approval: Locator, decision: 'Run once' | 'Refuse' | 'Refuse and block') => Promise<void>
}

export type Consent = {
  readonly dialog: Locator
  readonly text: Locator
  readonly isRead: Locator
  readonly answer: (name: 'Refuse' | 'Agree and start') => Locator
  readonly agree: () => Promise<void>
  readonly refuse: () => Promise<void>
}

const BACKENDS = { local: 'A model on this computer', anthropic: 'The Claude API', practice: 'The simulated backend' } as const

export const providePage = (page: Page): ProvidePage => {
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click()
  const fill = (label: string, text: string): Promise<void> => page.getByLabel(label, { exact: true }).fill(text)
  const dialog = page.getByRole('alertdialog', { name: 'Before you serve others' })
  return {
    state: page.getByTestId('provider'),
    problem: page.locator('main').locator('[role=alert], .field-error'),
    press,
    setUp: () => page.getByRole('link', { name: /^(Set up a backend|Add a backend…)$/ }).click(),
    choose: (backend) => page.getByText(BACKENDS[backend]).click(),
    fill,
    checkAndTake: async (model) => {
      await press('Check it')
      await page.getByText(/^It answers/).waitFor()
      await page.getByRole('button', { name: /Model$/ }).click()
      await page.getByRole('option', { name: model, exact: true }).click()
    },
    addKey: async (name, key) => {
      await press('Add a key…')
      await fill('Name', name)
      await fill('API key', key)
      await press('Keep it')
    },
    tryOut: async (words) => {
      await press('Try it out…')
      await fill('Your words', words)
      await press('Run it')
    },
    triedOut: page.getByTestId('tried-out'),
    title: page.getByRole('heading', { level: 1, name: 'Provide', exact: true }),
    start: () => page.getByRole('button', { name: /^Start (providing|again with this)$/ }).click(),
    consent: {
      dialog,
      text: dialog.getByRole('region', { name: 'What you agree to' }),
      isRead: dialog.getByRole('checkbox'),
      answer: (name) => dialog.getByRole('button', { name, exact: true }),
      agree: async () => {
        await dialog.getByText('I have read this and agree to it').click()
        await dialog.getByRole('button', { name: 'Agree and start' }).click()
      },
      refuse: () => dialog.getByRole('button', { name: 'Refuse' }).click(),
    },
    backends: page.getByTestId('backend'),
    approvals: page.getByTestId('approval'),
    earned: page.locator('dt', { hasText: 'Earned in all' }).locator('xpath=following-sibling::dd[1]'),
    decide: (approval, decision) => approval.getByRole('button', { name: decision, exact: true }).click(),
  }
}

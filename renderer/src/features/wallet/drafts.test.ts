import { expect, test } from 'vitest'
import { createDraftKeeper } from './drafts.ts'

test('what was typed, and which dialog is open, outlives the screens, and is not shown to another account', () => {
  const draftsOf = createDraftKeeper()
  const typed = { to: 'ab', amount: '2.50', memo: 'Thanks' }
  draftsOf('anna').setState({ opened: 'send', transfer: typed })
  expect(draftsOf('anna').getState()).toMatchObject({ opened: 'send', transfer: typed })
  expect(draftsOf('bert').getState()).toMatchObject({ opened: 'none', transfer: { to: '', amount: '', memo: '' } })
  expect(draftsOf('anna').getState()).toMatchObject({ opened: 'none', transfer: { to: '', amount: '', memo: '' } })
})

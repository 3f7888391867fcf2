import { expect, test } from 'vitest'
import { maxTermsAgeDays, termsReview } from '../core/compliance/policy.ts'
import { readConsentTexts } from './consent-texts.ts'
import { staleTerms } from './terms-review.ts'

const dayMs = 24 * 3_600_000
const readAtMs = Date.parse(`${termsReview.readOn}T00:00:00Z`)

test('the check passes for 60 days after a review and fails from then on', () => {
  expect(maxTermsAgeDays).toBe(60)
  expect(staleTerms(termsReview.readOn, readAtMs + 60 * dayMs)).toBeNull()
  expect(staleTerms(termsReview.readOn, readAtMs + 61 * dayMs)).toMatch(/61 days ago/)
})

test('a day that is none, or lies ahead, does not pass either', () => {
  expect(staleTerms('soon', readAtMs)).toMatch(/is no day/)
  expect(staleTerms(termsReview.readOn, readAtMs - 3 * dayMs)).toMatch(/future/)
})

test('no consent text is of an older reading of the terms than the table', () => {
  expect(readConsentTexts().filter(({ termsReadOn }) => termsReadOn < termsReview.readOn)).toEqual([])
})

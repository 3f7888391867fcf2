import { expect, test } from 'vitest'
import { maxConsentTextLength } from '../core/contract/consents.ts'
import { consentTexts } from '../core/compliance/consent-texts.ts'
import { backends } from '../core/compliance/policy.ts'
import { consentDocumentFor } from '../core/compliance/consent-text.ts'
import { sha256, toHex, utf8 } from '../core/platform/bytes.ts'
import { readConsentTexts } from './consent-texts.ts'

test('the core has the texts of resources/consents, word for word (if not: node scripts/consent-texts.ts)', () => {
  expect(Object.values(consentTexts)).toEqual(readConsentTexts())
})

/** A text that people have agreed to is never edited: a changed one gets a new version, and its line here. */
const published: Readonly<Record<string, string>> = {
  'ask-others 1': '8d5ef4b98d3c564ae7da7e83eade17727ef22e42d1f7c365a01ec9586c63dede',
  'attest-organisation 1': '619860de84d5e8a873a9636ce666eea0d2c687c237a39643d2b052710578a64a',
  'serve-claude-cli 1': '090013af93509c64bf7bdd3d2a43a8c93bb10876d6bdabe07f24c92f5a1da0d8',
  'serve-anthropic-api 1': '01c02a69d7fc2f08a2e3a5eedc99a8ff54c5c5bd08e30a303fcd7398c2326d8d',
  'serve-local-model 2': 'a81085a29fc46909bb7aa8337b6a7a09f82ee17023c136673218bf5113088e5a',
}
test('a published text keeps its words: a change is a new version', () => {
  const hashes = readConsentTexts().map(({ documentId, version, text }) => [`${documentId} ${version}`, toHex(sha256(utf8(text)))])
  expect(Object.fromEntries(hashes)).toEqual(published)
})

test('a text is short enough to be shown, and every backend but practice has one', () => {
  expect(readConsentTexts().filter(({ text }) => text.length > maxConsentTextLength)).toEqual([])
  expect(backends.filter((backend) => consentDocumentFor(backend) === null)).toEqual(['practice'])
})

import { generateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../platform/bytes.ts'
import { createSeededRandom } from '../platform/random.ts'
import { parseApiKey } from './credential.ts'
import { createSecretGuard, type SecretFound } from './secret-guard.ts'

/** Look-alikes are put together here, so that no scanner takes this file for a leak. */
const apiKey = ['sk', 'ant', 'api03', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('-')
const pem = ['-----BEGIN PRIVATE', 'KEY-----'].join(' ')
const seed = createSeededRandom('guard').bytes(32)

const kindsOf = (result: { readonly ok: true } | { readonly ok: false; readonly error: SecretFound }) =>
  result.ok ? [] : result.error.findings.map(({ kind }) => kind)

describe('on frames', () => {
  const guard = createSecretGuard([seed])

  test('a known secret is found raw, as hex and as base64, wherever it stands', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), fc.uint8Array({ maxLength: 50 }), (before, after) => {
        const whole = Buffer.from(concatBytes(before, seed, after))
        const forms = [whole, utf8(whole.toString('hex')), utf8(whole.toString('hex').toUpperCase())]
        const encoded = [utf8(whole.toString('base64')), utf8(whole.toString('base64url'))]
        for (const form of [...forms, ...encoded]) expect(kindsOf(guard.inspectBytes(form))).toContain('known-secret')
      }),
    )
  })

  test('a part of a secret and other random bytes pass', () => {
    expect(guard.inspectBytes(seed.subarray(0, 31))).toEqual({ ok: true, value: undefined })
    expect(guard.inspectBytes(createSeededRandom('other').bytes(300_000))).toMatchObject({ ok: true })
  })

  test('keys are known by their form', () => {
    expect(kindsOf(guard.inspectBytes(utf8(`{"key":"${apiKey}"}`)))).toEqual(['anthropic-key'])
    expect(kindsOf(guard.inspectBytes(utf8(apiKey.replace('api03', 'oat01'))))).toEqual(['anthropic-key'])
    expect(kindsOf(guard.inspectBytes(utf8(`${pem}\nMC4C`)))).toEqual(['private-key'])
    expect(guard.inspectBytes(utf8('Keys look like sk-ant-api03-… and end with PRIVATE KEY-----'))).toMatchObject({ ok: true })
  })

  test('a finding says what and where, never the secret', () => {
    const found = guard.inspectBytes(utf8(`0123 ${apiKey}`))
    expect(found).toMatchObject({ ok: false, error: { code: 'secret-found', findings: [{ start: 5, end: 5 + apiKey.length }] } })
    expect(JSON.stringify(found)).not.toContain('abcdefghij')
  })

  test('a secret is looked for from when it is told until it is forgotten', () => {
    const later = createSecretGuard()
    expect(later.inspectBytes(seed)).toMatchObject({ ok: true })
    later.remember(seed)
    expect(later.inspectBytes(seed)).toMatchObject({ ok: false })
    later.forget(seed)
    expect(later.inspectBytes(seed)).toMatchObject({ ok: true })
    expect(() => later.remember(new Uint8Array(15))).toThrow('long enough')
  })
})

describe('on prompts', () => {
  const guard = createSecretGuard([seed])
  const phrase = generateMnemonic(wordlist, 128)

  test.each([
    ['recovery-phrase', `my words: ${phrase}`],
    [
      'recovery-phrase',
      phrase
        .split(' ')
        .map((word, index) => `${index + 1}. ${word.toUpperCase()}`)
        .join('\n'),
    ],
    ['access-token', `curl -H "Authorization: Bearer ${'a1B2c3D4'.repeat(4)}"`],
    ['access-token', ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'c2lnbmF0dXJlLWhlcmU'].join('.')],
    ['anthropic-key', `please use ${apiKey}`],
    ['private-key', `${pem}\nMC4CAQAwBQYDK2VwBCIEIA\n`],
    ['known-secret', `ü ${Buffer.from(seed).toString('base64')}`],
    ['credential', `token ${'ghp'}_${'a1B2'.repeat(9)}`],
  ])('a %s is found', async (kind, prompt) => {
    expect(kindsOf(await guard.inspectPrompt(prompt))).toContain(kind)
  })

  test.each([
    '',
    'Write a haiku about autumn.',
    'Explain how an API key that begins with sk-ant-api03 is rotated, and what a bearer token is.',
    phrase.split(' ').slice(0, 11).join(' '),
    'const hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
  ])('ordinary text passes: %s', async (prompt) => {
    expect(await guard.inspectPrompt(prompt)).toEqual({ ok: true, value: undefined })
  })

  test('positions count characters and one place is one finding', async () => {
    const result = await guard.inspectPrompt(`üü🐟 ${apiKey} end`)
    expect(result).toMatchObject({ error: { findings: [{ kind: 'anthropic-key', start: 5, end: 5 + apiKey.length }] } })
    expect(!result.ok && result.error.findings).toHaveLength(1)
  })
})

describe('a credential of a provider', () => {
  test('is accepted only as an API key', () => {
    expect(parseApiKey(` ${apiKey}\n`)).toEqual({ ok: true, value: apiKey })
  })

  test.each([
    ['login-token', apiKey.replace('api03', 'oat01')],
    ['login-token', apiKey.replace('api03', 'sid01')],
    ['admin-key', apiKey.replace('api03', 'admin01')],
    ['not-an-api-key', apiKey.replace('api03', 'api3')],
    ['not-an-api-key', apiKey.replace('api03', 'api')],
    ['not-an-api-key', `${apiKey} x`],
    ['not-an-api-key', `${apiKey}\nX: y`],
    ['not-an-api-key', ''],
    ['not-an-api-key', 'x'.repeat(100_000)],
  ])('is refused as %s without being repeated', (code, text) => {
    const refused = parseApiKey(text)
    expect(refused).toMatchObject({ ok: false, error: { code } })
    expect(JSON.stringify(refused)).not.toContain('abcdefghij')
  })
})

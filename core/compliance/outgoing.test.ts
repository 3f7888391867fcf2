import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createOutgoing } from './outgoing.ts'
import { findPersonalData } from './personal-data.ts'
import { conceal, createFillIn, fillIn, maxFilledInLength, mergePlaces } from './placeholders.ts'
import { createSecretGuard } from './secret-guard.ts'

const foundIn = (text: string): readonly string[] =>
  findPersonalData(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`)

describe('personal data', () => {
  test.each([
    ['Write to ada.lovelace+work@mail.example.co.uk, please.', ['email: ada.lovelace+work@mail.example.co.uk']],
    ['größe@müller.example', ['email: größe@müller.example']],
    ['+49 30 901820', ['phone: +49 30 901820']],
    ['Call (555) 123-4567 or 555-123-4567.', ['phone: (555) 123-4567', 'phone: 555-123-4567']],
    ['Telefon: 2345678', ['phone: 2345678']],
    ['030 / 901820 or 0301234567', ['phone: 0301234567']],
    ['0171 123 45 67', ['phone: 0171 123 45 67']],
    ['DE89 3704 0044 0532 0130 00 IS MINE', ['iban: DE89 3704 0044 0532 0130 00']],
    ['GB82WEST12345698765432.', ['iban: GB82WEST12345698765432']],
    ['4111 1111 1111 1111 12/27 and 378282246310005', ['card: 4111 1111 1111 1111', 'card: 378282246310005']],
    ['Passport No. C01X00T47', ['passport: C01X00T47']],
    ['Reisepass: L01X00T47', ['passport: L01X00T47']],
    ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', ['passport: P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<']],
    ['L898902C36UTO7408122F1204159ZE184226B<<<<<10', ['passport: L898902C36UTO7408122F1204159ZE184226B<<<<<10']],
    ['SSN 078-05-1120', ['identity-number: 078-05-1120']],
    ['SSN 536904399, social security number: 536 90 4399', ['identity-number: 536904399', 'identity-number: 536 90 4399']],
    ['NI number AB123456C or AB 12 34 56 C', ['identity-number: AB123456C', 'identity-number: AB 12 34 56 C']],
    ['DNI 12345678Z', ['identity-number: 12345678Z']],
    ['CPF 529.982.247-25', ['identity-number: 529.982.247-25']],
    ['Aadhaar 2341 2341 2346', ['identity-number: 2341 2341 2346']],
    ['PESEL 44051401359', ['identity-number: 44051401359']],
    ['Steuer-ID 65929970489', ['identity-number: 65929970489']],
    ['AHV 756.9217.0769.85', ['identity-number: 756.9217.0769.85']],
    ['1 84 12 76 451 089 46', ['identity-number: 1 84 12 76 451 089 46']],
    ['RSSMRA85M01H501Z', ['identity-number: RSSMRA85M01H501Z']],
    ['born 12 March 1984, geboren am 12. März 1984', ['birth-date: 12 March 1984', 'birth-date: 12. März 1984']],
    ['Date of birth: May 2nd, 1984', ['birth-date: May 2nd, 1984']],
    ['de89 3704 0044 0532 0130 00', ['iban: de89 3704 0044 0532 0130 00']],
    ['DE89-3704-0044-0532-0130-00', ['iban: DE89-3704-0044-0532-0130-00']],
    ['4111.1111.1111.1111', ['card: 4111.1111.1111.1111']],
    ['Geboren am 12.8.1974, date of birth: 1974-08-12', ['birth-date: 12.8.1974', 'birth-date: 1974-08-12']],
  ])('%s', (text, found) => expect(foundIn(text)).toEqual(found))

  test.each([
    'On 2026-11-20 at 10:00 it cost 1,234.50 for 12 pieces.',
    'The first 20 digits of pi are 3.14159265358979323846.',
    'DE89 3704 0044 0532 0130 01 fails its check, and so does 4111 1111 1111 1112.',
    'ISBN 978-3-16-148410-0, version 10.0.19045.3803, 192.168.100.200',
    '000-12-3456, 666-12-3456, 0000 0000 0000 0000, commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    'A passport is required. user@localhost, @decorator, a@b',
    'Part AB123456C, build 12345678A, 20261120T101500Z, 123.456.789-00, 756.0000.0000.01',
    'The mini 123456789 is here; uuid 3f2504e0-4f89-11d3-9a0c-0305e82c3301; sha de89f3a04b',
    'A star was born in 1984, on 12 March 2026 we met; the assn 536904399',
    'const timeoutMs = 1750000000000; 18446744073709551615n',
  ])('is not seen in: %s', (text) => expect(foundIn(text)).toEqual([]))

  test('the longest task is read to its end, however it is made', () => {
    const pieces = [
      'a',
      '1',
      '1 ',
      '@',
      'a@a.',
      '(1',
      'DE89 ',
      'passport ',
      'born ',
      'born 1 mar ',
      'ssn ',
      'steuer-id nr ',
      'de89-',
      '4111.',
      '<',
      '+1-',
      'A1',
    ]
    for (const piece of pieces) {
      const text = piece.repeat(262_144 / piece.length)
      // A pattern that goes back and forth would take minutes, and the test would run out of time.
      expect(findPersonalData(text).every(({ start, end }) => start < end && end <= text.length)).toBe(true)
    }
  })
})

const word = fc.stringMatching(/^[a-z @.[\]A-Z0-9-]{0,12}$/)
const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '))
const places = (length: number) =>
  fc.array(fc.record({ kind: fc.constantFrom('email', 'phone', 'secret'), start: fc.nat(length), size: fc.integer({ min: 1, max: 9 }) }), {
    maxLength: 6,
  })
const cut = (whole: string, sizes: readonly number[]): readonly string[] => {
  const pieces: string[] = []
  let from = 0
  for (let at = 0; from < whole.length; at++) {
    const size = sizes[at % sizes.length] ?? 1
    pieces.push(whole.slice(from, from + size))
    from += size
  }
  return pieces
}
const streamed = (pieces: readonly string[], hidden: Parameters<typeof createFillIn>[0]): string => {
  const filler = createFillIn(hidden)
  return pieces.map(filler.take).join('') + filler.end()
}

describe('placeholders', () => {
  test('put back give what was written, in pieces of any size, and nothing that was found is left standing', () => {
    fc.assert(
      fc.property(
        text.chain((written) => fc.tuple(fc.constant(written), places(written.length))),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
        ([written, at], sizes) => {
          const found = at
            .map(({ kind, start, size }) => ({ kind, start, end: Math.min(written.length, start + size) }))
            .filter(({ start, end }) => end > start)
          const { text: concealed, hidden } = conceal(written, found)
          expect(fillIn(concealed, hidden)).toBe(written)
          expect(streamed(cut(concealed, sizes), hidden)).toBe(written)
          const merged = mergePlaces(found)
          expect(concealed.length).toBe(
            written.length +
              merged.reduce((sum, { start, end }) => {
                const placeholder = hidden.find(({ value }) => value === written.slice(start, end))?.placeholder
                return sum + (placeholder?.length ?? 0) - (end - start)
              }, 0),
          )
        },
      ),
    )
  })

  test('the same value has the same placeholder, another has another, and none that is in the text already is used', () => {
    const written = 'a@x.example b@x.example a@x.example [EMAIL-1]'
    const { text: concealed, hidden } = conceal(written, findPersonalData(written))
    expect([concealed, hidden]).toEqual([
      '[EMAIL-2] [EMAIL-3] [EMAIL-2] [EMAIL-1]',
      [
        { placeholder: '[EMAIL-2]', value: 'a@x.example' },
        { placeholder: '[EMAIL-3]', value: 'b@x.example' },
      ],
    ])
    expect(fillIn('To [EMAIL-3] and [EMAIL-1], not [EMAIL-99].', hidden)).toBe('To b@x.example and [EMAIL-1], not [EMAIL-99].')
  })

  test('a piece is given on at once, but for what may be the beginning of a placeholder', () => {
    const filler = createFillIn([{ placeholder: '[EMAIL-12]', value: 'a@x.example' }])
    expect(['Dear [', 'EMA', 'IL-1', '2]! See [1', '] or [EMAIL', '-13]', ' [EM'].map(filler.take)).toEqual([
      'Dear ',
      '',
      '',
      'a@x.example! See [1',
      '] or ',
      '[EMAIL-13]',
      ' ',
    ])
    expect(filler.end()).toBe('[EM')
  })

  test.each(['\\[EMAIL-1\\]', '[email-1]', '[Email-1]'])('comes back where a model wrote it as %s, in pieces too', (written) => {
    const hidden = [{ placeholder: '[EMAIL-1]', value: 'a@x.example' }]
    expect(fillIn(`To ${written}.`, hidden)).toBe('To a@x.example.')
    expect(streamed(cut(`To [1] ${written}.`, [1]), hidden)).toBe('To [1] a@x.example.')
  })

  test('a value that looks like a placeholder is not filled in again', () => {
    expect(
      fillIn('[SECRET-1]', [
        { placeholder: '[SECRET-1]', value: '[SECRET-2]' },
        { placeholder: '[SECRET-2]', value: 'x' },
      ]),
    ).toBe('[SECRET-2]')
  })

  test('an answer that repeats one without end does not fill the memory', () => {
    const hidden = [{ placeholder: '[SECRET-1]', value: 'x'.repeat(4_096) }]
    const filled = fillIn('[SECRET-1]'.repeat(100_000), hidden)
    expect(filled.length).toBeLessThanOrEqual(maxFilledInLength + 1_000_000)
    expect(filled.endsWith('[SECRET-1]')).toBe(true)
  })
})

const key = ['sk', 'ant', 'api03', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('-')
const pem = [`-----BEGIN PRIVATE`, `KEY-----\nMC4CAQAwBQYDK2VwBCIEIBodyOfTheKey\n-----END PRIVATE`, 'KEY-----'].join(' ')
const outgoing = createOutgoing(createSecretGuard([new Uint8Array(32).fill(7)]))

describe('what is about to leave', () => {
  test('with its secrets and personal data replaced goes out, and nothing of them is in it', async () => {
    const known = '07'.repeat(32)
    const written = `Mail a@x.example with ${key}, again ${key}, ${known} ${known} and\n${pem}\nBye.`
    const passed = await outgoing.pass(written, true)
    expect(passed).toMatchObject({
      ok: true,
      value: { text: 'Mail [EMAIL-1] with [SECRET-1], again [SECRET-1], [SECRET-2] [SECRET-2] and\n[SECRET-3]\nBye.' },
    })
    expect(passed.ok && fillIn(passed.value.text, passed.value.hidden)).toBe(written)
  })

  test('as it was written is stopped by a secret and not by personal data, and the preview says both', async () => {
    expect(await outgoing.pass(`My key is ${key}.`, false)).toMatchObject({ ok: false, error: { code: 'secret-found' } })
    expect(await outgoing.pass('Mail a@x.example.', false)).toEqual({ ok: true, value: { text: 'Mail a@x.example.', hidden: [] } })
    const looked = await outgoing.look(`Mail a@x.example: ${key}`, false)
    expect([looked.findings.map(({ kind }) => kind), looked.stopped?.code, looked.text]).toEqual([
      ['email', 'anthropic-key'],
      'secret-found',
      `Mail a@x.example: ${key}`,
    ])
  })

  test('a key without an end is replaced to the end of the text', async () => {
    const passed = await outgoing.pass(`Look: ${pem.slice(0, 60)}`, true)
    expect(passed).toMatchObject({ ok: true, value: { text: 'Look: [SECRET-1]' } })
  })

  test.each([
    ['aws_secret_access_key = ', 'kJ8sd7Hq2LmN4pR6tV8xZw9Rt6Vy3Bc5Ue1G7ToP'],
    ['AWS_SECRET_ACCESS_KEY=', 'kJ8sd7Hq2LmN4pR6tV8xZw9Rt6Vy3Bc5Ue1G7ToP'],
    ['id ', ['AK', 'IAIOSFODNN7ABCDEFG'].join('')],
    ['postgres://', 'admin:hunter2secret@db.example.com:5432/x'],
  ])('of a credential after %s no character is left', async (before, secret) => {
    const passed = await outgoing.pass(`Mend this: ${before}${secret} please`, true)
    expect(passed.ok && passed.value.text).toMatch(/^Mend this: .*\[SECRET-1\] please$/)
    const left = passed.ok ? passed.value.text.replace(/^Mend this: |\[SECRET-1\]| please$/g, '') : secret
    expect(before.startsWith(left.trimEnd())).toBe(true)
  })

  test('an address inside a secret is replaced with all of it', async () => {
    const passed = await outgoing.pass('postgres://admin:hunter2secret@db.example.com:5432/x', true)
    expect(passed.ok && passed.value.text).not.toMatch(/hunter2|example/)
  })

  test('too much to replace is refused with what to do', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => `a${index}@x.example`).join(' ')
    expect(await outgoing.pass(many, true)).toMatchObject({ ok: false, error: { message: expect.stringContaining('split it') as string } })
  })
})

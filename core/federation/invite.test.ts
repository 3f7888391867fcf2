import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, fromBase64Url, sha256, toBase64Url, utf8 } from '../platform/bytes.ts'
import { encodeCbor, type CborValue } from '../platform/cbor.ts'
import { createSeededRandom } from '../platform/random.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import type { Federation } from './federation.ts'
import { createInviteLink, inviteAccountOf, inviteKeyOf, inviteLinkPrefix, parseInviteLink, type Invite } from './invite.ts'
import { createPracticeFederation } from './practice.ts'

const nowMs = 1_750_000_000_000
const federationOf = (seed: string): Federation => {
  const made = createPracticeFederation({
    random: createSeededRandom(seed),
    nowMs,
    requesterKey: fromBase64Url('O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik'),
    witnessAddresses: [4001, 4002, 4003, 4004].map((port) => [`/ip4/127.0.0.1/tcp/${port}`]),
  })
  if (!made.ok) throw new Error(made.error.message)
  return made.value.federation
}
const federation = federationOf('here')
const invite: Invite = {
  federation,
  seed: sha256(utf8('invite')),
  amountMicro: 5_000_000n,
  sponsor: sha256(utf8('sponsor')),
  expiresAtMs: nowMs + 1,
}
const link = createInviteLink(invite)
const newcomer = { nowMs, currentFederationId: null }
const refusal = (text: string, conditions: Parameters<typeof parseInviteLink>[1] = newcomer) => {
  const parsed = parseInviteLink(text, conditions)
  return parsed.ok ? null : parsed.error.code
}

/** A link around any body, with a true length and checksum: what a hostile author can make. */
const linkAround = (body: Uint8Array, version = 1) => {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, body.length)
  const checksum = sha256(new Uint8Array([version]), body).subarray(0, 8)
  return inviteLinkPrefix + toBase64Url(concatBytes(new Uint8Array([version]), length, checksum, body))
}
const linkOf = (payload: CborValue) => linkAround(new Uint8Array(deflateRawSync(encodeCbor(payload))))

describe('an invite link', () => {
  it('carries the federation and the key of the account that holds the credit', () => {
    expect(parseInviteLink(link, newcomer)).toEqual({ ok: true, value: invite })
    expect(inviteAccountOf(invite)).toEqual(accountIdOf({ federationId: federation.id, epoch: 0 }, inviteKeyOf(invite).publicKey))
  })

  it('is short enough for one QR code', () => {
    // What a code of version 30 holds, which a telephone still reads off a screen.
    expect(link.length).toBeLessThan(1_732)
  })

  it('survives what mail programs do to long lines', () => {
    expect(parseInviteLink(`  ${link.replace(/.{76}/g, '$&\r\n ')}\n`, newcomer)).toEqual({ ok: true, value: invite })
  })

  it('is found where it stands in quotes, in brackets, in a mail that was answered, or in a sentence', () => {
    const quoted = link.replace(/.{76}/g, '$&\r\n>> ')
    for (const text of [
      `"${link}"`,
      `“${link}”.`,
      `<${link}>`,
      `(see ${link}),`,
      `>> ${quoted}\n>> Bye`,
      `Here is your link: ${link} see you`,
      `Here is your link: ${link}. See you!`,
      `${link}\n${link}`,
    ])
      expect(parseInviteLink(text, newcomer)).toEqual({ ok: true, value: invite })
    expect(refusal(`Here is your link: ${link.slice(0, -9)} see you`)).toBe('truncated')
    expect(refusal(`${link}${link}`)).toBe('damaged')
  })

  it('ends at its time, and holds in its own federation only', () => {
    expect(refusal(link, { ...newcomer, nowMs: nowMs + 1 })).toBe('expired')
    expect(refusal(link, { nowMs, currentFederationId: federation.id })).toBe(null)
    expect(refusal(link, { nowMs, currentFederationId: federationOf('elsewhere').id })).toBe('other-federation')
  })
})

/** Every UTF-16 unit, lone surrogates too. */
const anyText = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('utf16le'))

describe('something else than an intact invite link', () => {
  it('is named for what it is', () => {
    for (const other of ['', 'hello', 'https://example.org/', 'claude-market://settings/', link.toUpperCase()])
      expect(refusal(other)).toBe('not-a-link')
    expect(refusal(inviteLinkPrefix)).toBe('truncated')
    expect(refusal(`${link}A`)).toBe('damaged')
    expect(refusal(`${link}?from=mail`)).toBe('damaged')
    expect(refusal(inviteLinkPrefix + 'A'.repeat(100_000))).toBe('too-long')
    expect(refusal(linkAround(utf8('whatever comes'), 2))).toBe('newer-version')
    expect(refusal(linkAround(utf8('whatever came'), 0))).toBe('damaged')
  })

  it('is a cut copy wherever it was cut', () => {
    for (let length = inviteLinkPrefix.length; length < link.length; length++) expect(refusal(link.slice(0, length))).toBe('truncated')
  })

  it('is refused wherever one character was changed', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:/ .é'.split('')
    fc.assert(
      fc.property(fc.nat(link.length - 1), fc.constantFrom(...alphabet), (at, letter) => {
        fc.pre(link[at] !== letter)
        expect(['not-a-link', 'truncated', 'damaged']).toContain(refusal(link.slice(0, at) + letter + link.slice(at + 1)))
      }),
      { numRuns: 2_000 },
    )
    // The last one holds spare bits that decode to the same bytes.
    for (const letter of alphabet) if (letter !== link.at(-1)) expect(refusal(link.slice(0, -1) + letter)).not.toBe(null)
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(refusal(text)).not.toBe(null)
        expect(refusal(inviteLinkPrefix + text)).not.toBe(null)
      }),
    )
  })
})

describe('an invite link made to do harm', () => {
  const signed: CborValue = [[1], new Uint8Array(64)]

  it('cannot unpack to more than an invite can be', () => {
    const bomb = new Uint8Array(deflateRawSync(new Uint8Array(30_000_000)))
    expect(bomb.length).toBeLessThan(40_000)
    expect(refusal(linkAround(bomb))).toBe('invalid')
  })

  it('is refused when its contents are none', () => {
    expect(refusal(linkAround(new Uint8Array(0)))).toBe('invalid')
    expect(refusal(linkAround(utf8('no deflate stream')))).toBe('invalid')
    for (const payload of [null, 1, [], [signed, new Uint8Array(32), 1, new Uint8Array(32), nowMs]])
      expect(refusal(linkOf(payload))).toBe('invalid')
  })

  it('cannot bring a federation that its founder did not sign', () => {
    const forged = createInviteLink({ ...invite, federation: { ...federation, genesis: { ...federation.genesis, name: 'Forged' } } })
    expect(parseInviteLink(forged, newcomer)).toMatchObject({ ok: false, error: { code: 'invalid' } })
  })
})

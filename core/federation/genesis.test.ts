import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyFromSeed } from '../identity/ed25519.ts'
import { peerIdOfSeed } from '../identity/peer-id.ts'
import { createSigner } from '../identity/signing.ts'
import { maxSupplyMicro } from '../platform/amount.ts'
import { equalBytes, sha256, toHex, utf8 } from '../platform/bytes.ts'
import { accountIdOf } from '../settlement/account-id.ts'
import { quorumOf } from '../settlement/objects.ts'
import { seedKeyOf } from '../settlement/seed-share.ts'
import {
  acceptGenesis,
  committeeOf,
  creditsOfFederation,
  decodeFederation,
  encodeFederation,
  foundFederation,
  type Federation,
} from './federation.ts'
import { parseGenesisFile, renderGenesisFile } from './genesis-file.ts'
import type { Genesis } from './genesis.ts'
import { defaultLimits } from './limits.ts'

const seedOf = (name: string) => sha256(utf8(name))
const keyOf = (name: string) => keyFromSeed(seedOf(name)).publicKey
const founder = createSigner(keyFromSeed(seedOf('founder')))
const seedKeys = new Map<string, Uint8Array>()
const seedKeyNamed = (name: string): Uint8Array => {
  const known = seedKeys.get(name) ?? seedKeyOf(seedOf(name), keyOf(name)).publicKey
  seedKeys.set(name, known)
  return known
}
const witnessNamed = (name: string) => ({
  publicKey: keyOf(name),
  peerId: peerIdOfSeed(seedOf(name)),
  addresses: ['/dns4/example.org/tcp/4001'],
  seedKey: seedKeyNamed(name),
})

type Choices = Omit<Genesis, 'version' | 'founderKey'>
const choices: Choices = {
  name: 'Reading group',
  kind: 'community',
  organisation: null,
  witnesses: ['a', 'b', 'c', 'd'].map(witnessNamed),
  faults: 1,
  arbiters: [{ name: 'Ada', publicKey: keyOf('ada'), weight: 2, operator: 'Lovelace Ltd' }],
  supply: [
    { firstKey: keyOf('treasury'), amountMicro: 8_000_000_000n },
    { firstKey: keyOf('founder'), amountMicro: 1n },
  ],
  feePpm: 0,
  createdAtMs: 1_750_000_000_000,
  limits: defaultLimits.community,
}
const founded = (change: Partial<Choices> = {}): Federation => {
  const result = foundFederation({ ...choices, ...change }, founder)
  if (!result.ok) throw new Error(result.error.message)
  return result.value
}
const refusal = (change: Partial<Choices>): string | null => {
  const result = foundFederation({ ...choices, ...change }, founder)
  return result.ok ? null : result.error.message
}

const federation = founded()

describe('a founded federation', () => {
  it('comes back from its bytes and from its file as it was', () => {
    expect(decodeFederation(encodeFederation(federation))).toEqual({ ok: true, value: federation })
    expect(parseGenesisFile(renderGenesisFile(federation))).toEqual({ ok: true, value: federation })
  })

  it('comes back whatever its founder chose', () => {
    const free = fc.record({
      name: fc.stringMatching(/^[a-zäöü€😀][a-z ]{0,10}[a-z]$/u),
      kind: fc.constantFrom('practice', 'community'),
      faults: fc.integer({ min: 1, max: 3 }),
      feePpm: fc.nat(100_000),
      amounts: fc.array(fc.bigInt(1n, maxSupplyMicro / 8n), { minLength: 1, maxLength: 8 }),
      arbiters: fc.nat(5),
      createdAtMs: fc.nat(9_999_999_999),
    })
    fc.assert(
      fc.property(free, ({ amounts, arbiters, ...chosen }) => {
        const any = founded({
          ...chosen,
          witnesses: Array.from({ length: 3 * chosen.faults + 1 }, (_, index) => witnessNamed(`witness ${index}`)),
          supply: amounts.map((amountMicro, index) => ({ firstKey: keyOf(`holder ${index}`), amountMicro })),
          arbiters: Array.from({ length: arbiters }, (_, index) => ({
            name: `Arbiter ${index}`,
            publicKey: keyOf(`arbiter ${index}`),
            weight: 1,
            operator: '',
          })),
        })
        expect(decodeFederation(encodeFederation(any))).toEqual({ ok: true, value: any })
        expect(parseGenesisFile(renderGenesisFile(any))).toEqual({ ok: true, value: any })
      }),
      { numRuns: 25 },
    )
  })

  it('has another id when anything at all differs', () => {
    const ids = [federation, founded({ name: 'Reading club' }), founded({ feePpm: 1 }), founded({ createdAtMs: 1 })].map(({ id }) =>
      toHex(id),
    )
    expect(new Set(ids).size).toBe(4)
    expect(toHex(founded().id)).toBe(toHex(federation.id))
  })

  it('gives its committee and the first credits', () => {
    const birth = { federationId: federation.id, epoch: 0 }
    const arbiters = choices.arbiters.map((arbiter) => ({ ...arbiter, account: accountIdOf(birth, arbiter.publicKey) }))
    expect(committeeOf(federation)).toEqual({ ...birth, witnesses: choices.witnesses, faults: 1, arbiters })
    expect(quorumOf(committeeOf(federation))).toBe(3)
    expect(creditsOfFederation(federation).map(({ account, amountMicro, index }) => ({ account, amountMicro, index }))).toEqual(
      choices.supply.map(({ firstKey, amountMicro }, index) => ({
        account: accountIdOf({ federationId: federation.id, epoch: 0 }, firstKey),
        amountMicro,
        index,
      })),
    )
  })
})

describe('a genesis document against the rules', () => {
  const twice = <T>(items: readonly T[]) => items.map((item, index) => (index === items.length - 1 ? (items[0] ?? item) : item))
  const witness0 = witnessNamed('a')
  const others = choices.witnesses.slice(1)
  const smallOrder = new Uint8Array(32)
  const infinity = new Uint8Array(48).with(0, 0xc0)
  const ada = { name: 'Ada', publicKey: keyOf('ada'), weight: 1, operator: '' }
  const cases: readonly (readonly [string, Partial<Choices>])[] = [
    ['name must', { name: '' }],
    ['name must', { name: ' Reading' }],
    ['name must', { name: 'two\nlines' }],
    ['genesis.name must be plain text', { name: 'x'.repeat(65) }],
    ['genesis.name must be plain text', { name: 'left\u202Eright' }],
    ['organisation must be null', { organisation: { customer: 'Example Ltd' } }],
    ['organisation.customer must name', { kind: 'organisation' }],
    ['organisation.customer must be one line', { kind: 'organisation', organisation: { customer: ' ' } }],
    ['but there are 3', { witnesses: others }],
    ['but there are 0', { witnesses: [] }],
    ['which is 7 for faults = 2', { faults: 2 }],
    ['only a practice federation', { witnesses: [witness0], faults: 0 }],
    ['witnesses[3].publicKey is the same as witnesses[0].publicKey', { witnesses: twice(choices.witnesses) }],
    ['witnesses[0].publicKey is not a usable', { witnesses: [{ ...witness0, publicKey: smallOrder }, ...others] }],
    ['witnesses[0].peerId must', { witnesses: [{ ...witness0, peerId: 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N' }, ...others] }],
    ['witnesses[1].peerId is the same', { witnesses: [{ ...witness0, peerId: peerIdOfSeed(seedOf('b')) }, ...others] }],
    ['witnesses[0].addresses must hold', { witnesses: [{ ...witness0, addresses: [] }, ...others] }],
    [
      'witnesses[0].addresses[1] must be a multiaddr',
      { witnesses: [{ ...witness0, addresses: ['/ip4/1.2.3.4/tcp/1', 'http://x'] }, ...others] },
    ],
    [
      'witnesses[0].addresses must be a list of at most 4',
      { witnesses: [{ ...witness0, addresses: Array<string>(5).fill('/ip4/1.2.3.4/tcp/1') }, ...others] },
    ],
    ['witnesses[1].seedKey is the same', { witnesses: [{ ...witness0, seedKey: seedKeyNamed('b') }, ...others] }],
    ['witnesses[0].seedKey is not a usable', { witnesses: [{ ...witness0, seedKey: infinity }, ...others] }],
    ['witnesses[0].seedKey is not a usable', { witnesses: [{ ...witness0, seedKey: seedKeyNamed('a').with(47, 0) }, ...others] }],
    ['witnesses[0].seedKey must be 48 bytes', { witnesses: [{ ...witness0, seedKey: smallOrder }, ...others] }],
    ['arbiters[0].name', { arbiters: [{ ...ada, name: '' }] }],
    ['arbiters[1].publicKey is the same', { arbiters: [ada, { ...ada, name: 'Bo' }] }],
    ['arbiters[0].weight must be a whole number from 1 to 4', { arbiters: [{ ...ada, weight: 5 }] }],
    ['arbiters[0].operator must be one line', { arbiters: [{ ...ada, operator: ' ' }] }],
    ['supply must name', { supply: [] }],
    ['supply[1].firstKey is the same', { supply: twice(choices.supply) }],
    ['supply[0].amountMicro must be more than 0', { supply: [{ firstKey: keyOf('treasury'), amountMicro: 0n }] }],
    ['supply[0].amountMicro must be an amount', { supply: [{ firstKey: keyOf('treasury'), amountMicro: maxSupplyMicro + 1n }] }],
    ['supply[0].amountMicro must be an amount', { supply: [{ firstKey: keyOf('treasury'), amountMicro: -1n }] }],
    ['supply must add up to', { supply: ['x', 'y'].map((name) => ({ firstKey: keyOf(name), amountMicro: maxSupplyMicro / 2n + 1n })) }],
    ['genesis.feePpm must', { feePpm: 100_001 }],
    ['genesis.feePpm must', { feePpm: -1 }],
    ['limits.minReviewMs must not be above', { limits: { ...choices.limits, minReviewMs: choices.limits.maxReviewMs + 1 } }],
    ['limits.minRuleMs must not be above', { limits: { ...choices.limits, minRuleMs: choices.limits.maxRuleMs, maxRuleMs: 1_000 } }],
    ['limits.seatAnyAfterMs must be below', { limits: { ...choices.limits, seatAnyAfterMs: choices.limits.minRuleMs } }],
    ['limits.maxClockSkewMs must be a whole number from 100 to 60000', { limits: { ...choices.limits, maxClockSkewMs: 60_001 } }],
    ['limits.giftPerDayMicro must be set', { limits: { ...choices.limits, giftPerDayMicro: null } }],
  ]

  it.each(cases)('is refused with a sentence: %s', (sentence, change) => {
    expect(refusal(change)).toContain(sentence)
  })

  it('is not refused for what only other kinds may not have', () => {
    expect(refusal({ kind: 'practice', witnesses: [{ ...witness0, addresses: [] }], faults: 0, limits: defaultLimits.practice })).toBe(null)
    expect(refusal({ kind: 'organisation', organisation: { customer: 'Example Ltd' }, limits: defaultLimits.organisation })).toBe(null)
    expect(refusal({ supply: [{ firstKey: keyOf('treasury'), amountMicro: maxSupplyMicro }] })).toBe(null)
  })

  it('is refused under another’s signature', () => {
    const { genesis } = federation
    const stranger = createSigner(keyFromSeed(seedOf('stranger')))
    const signature = stranger.sign('RUV1/GENESIS', new Uint8Array(32), encodeFederation(federation))
    expect(acceptGenesis({ genesis, signature })).toMatchObject({ ok: false, error: { code: 'bad-signature' } })
    expect(acceptGenesis({ genesis: { ...genesis, feePpm: 1 }, signature: federation.signature })).toMatchObject({
      ok: false,
      error: { code: 'bad-signature' },
    })
  })
})

describe('the bytes of a federation', () => {
  it('are refused wherever a bit was flipped or the end was cut', () => {
    const bytes = encodeFederation(federation)
    for (let at = 0; at < bytes.length; at++) {
      expect(decodeFederation(bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8)))).ok).toBe(false)
      expect(decodeFederation(bytes.subarray(0, at)).ok).toBe(false)
    }
  })

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeFederation(bytes).ok).toBe(false)
      }),
    )
    expect(decodeFederation(new Uint8Array(60_000))).toMatchObject({ ok: false, error: { code: 'malformed' } })
  })
})

describe('a genesis file', () => {
  const file = renderGenesisFile(federation)
  const refusalOf = (content: string) => {
    const parsed = parseGenesisFile(content)
    return parsed.ok ? null : [parsed.error.code, parsed.error.message]
  }
  const edited = (edit: (json: Record<string, unknown>) => void) => {
    const json = JSON.parse(file) as Record<string, unknown>
    edit(json)
    return JSON.stringify(json)
  }

  it('may be reformatted on its way', () => {
    for (const same of [JSON.stringify(JSON.parse(file)), file.replaceAll('\n', '\r\n'), `\uFEFF${file}`])
      expect(parseGenesisFile(same)).toEqual({ ok: true, value: federation })
  })

  it('says what it is instead of a federation file', () => {
    for (const content of ['', 'hello', '[]', 'null', '{}', '{"format":"claude-market-vault","version":1}', file.slice(0, -5)])
      expect(refusalOf(content)?.[0]).toBe('not-a-genesis-file')
    expect(refusalOf('{"format":"claude-market-genesis","version":2}')?.[0]).toBe('newer-version')
    expect(refusalOf(' '.repeat(200_000))?.[0]).toBe('too-long')
  })

  it.each<readonly [string, (json: Record<string, unknown>) => void]>([
    ['name must be text between quotes', (json) => delete json['name']],
    ['name must be text between quotes', (json) => (json['name'] = 7)],
    ['kind must be practice, organisation or community', (json) => (json['kind'] = 'club')],
    ['it holds a field that does not belong there', (json) => (json['mint'] = true)],
    ['founderKey must be 64 lower-case hexadecimal digits', (json) => (json['founderKey'] = 'AB'.repeat(32))],
    [
      'witnesses[1].publicKey must be 64',
      (json) =>
        ((json['witnesses'] as { publicKey: string }[])[1] = { ...(json['witnesses'] as { publicKey: string }[])[1], publicKey: 'ab' }),
    ],
    ['supply[0].amountMicro must be an amount', (json) => (json['supply'] = [{ firstKey: 'ab'.repeat(32), amountMicro: '1e3' }])],
    ['limits is missing, or not of the kind that belongs there', (json) => delete json['limits']],
    ['genesis.feePpm must be a whole number from 0 to 100000', (json) => (json['feePpm'] = -1)],
  ])('names the field that is wrong: %s', (sentence, edit) => {
    expect(refusalOf(edited(edit))).toEqual(['malformed', expect.stringContaining(sentence) as string])
  })

  it('is refused when its id is not its own', () => {
    expect(refusalOf(edited((json) => (json['federationId'] = 'ab'.repeat(32))))?.[0]).toBe('other-id')
    expect(refusalOf(edited((json) => (json['feePpm'] = 1)))?.[0]).toBe('bad-signature')
  })

  it('means the same or is refused wherever a byte was changed', () => {
    const bytes = Buffer.from(file)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ mask
        const parsed = parseGenesisFile(changed.toString())
        // White space between the fields is all that may differ.
        expect(!parsed.ok || (equalBytes(parsed.value.id, federation.id) && /^\s$/.test(file[at] ?? ''))).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })
})

import { inspect, isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes, sha256 } from '../platform/bytes.ts'
import { createSeededRandom, type Random } from '../platform/random.ts'
import { federationId, signerOf } from '../settlement/testing/world.ts'
import { signCopy, type Content, type SealedCopy } from './model.ts'
import { packContent } from './packing.ts'
import { copyKeysOf, sealCopy } from './sealing.ts'
import { account, ann, contentOf, createCopyWorld } from './testing/world.ts'
import { decodeCopyRequest, encodeCopyAnswer } from './wire.ts'

const thief = signerOf('a device that was taken back')
/** What a keeper may do that does not keep to the protocol; it has seen every copy, and a thief has told it the key that they are sealed to. */
const lies = ['silence', 'nonsense', 'refusal', 'nothing', 'the oldest', 'damaged', 'renumbered', 'signed anew', 'forged'] as const
type Lie = (typeof lies)[number]

const createLiar = (drawn: readonly Lie[], random: Random) => {
  const seen: SealedCopy[] = []
  let asked = 0
  const forge = async (copy: SealedCopy, lie: Lie): Promise<readonly SealedCopy[]> => {
    const late = { ...copy, version: copy.version + 1_000_000_000 }
    switch (lie) {
      case 'the oldest':
        return seen.slice(0, 1)
      case 'damaged':
        return [{ ...copy, ciphertext: copy.ciphertext.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) }]
      case 'renumbered':
        return [late]
      case 'signed anew':
        return [signCopy(late, thief, federationId)]
      case 'forged': {
        const { publicKey } = await copyKeysOf(ann, federationId)
        const about = { account, slot: late.slot, version: late.version, federationId }
        const sealed = await sealCopy(random, publicKey, about, packContent(contentOf('what nobody asked')))
        return [signCopy({ ...about, ...sealed }, thief, federationId)]
      }
      case 'silence':
      case 'nonsense':
      case 'refusal':
      case 'nothing':
        return []
    }
  }
  return async (payload: Uint8Array): Promise<Uint8Array> => {
    const lie = drawn[asked++ % drawn.length] ?? 'nothing'
    const request = decodeCopyRequest(payload)
    if (request.ok && request.value.kind === 'put') seen.push(request.value.copy)
    if (lie === 'silence') return new Promise(() => undefined)
    if (lie === 'nonsense') return random.bytes(50)
    if (lie === 'refusal') return encodeCopyAnswer({ kind: 'refused', code: 'older' })
    if (request.ok && request.value.kind === 'put') return encodeCopyAnswer({ kind: 'taken' })
    const last = seen.at(-1)
    return encodeCopyAnswer({ kind: 'copies', copies: last === undefined ? [] : await forge(last, lie) })
  }
}

/** What happens to the one computer of an account: it has something new open, it starts again, or its disk is lost. */
const deeds = ['open', 'open', 'restart', 'lose'] as const
const story = fc.record({
  deeds: fc.array(fc.constantFrom(...deeds), { minLength: 1, maxLength: 6 }),
  liar: fc.nat({ max: 3 }),
  lies: fc.array(fc.constantFrom(...lies), { minLength: 1, maxLength: 6 }),
  /** While something is first left, two of the honest cannot be reached; while it is taken back, the third. */
  isCut: fc.boolean(),
})
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never

/** The first thing that went wrong, or null. */
const live = async (told: Story, liarCount: number): Promise<string | null> => {
  const random = createSeededRandom('liars')
  const places = Array.from({ length: liarCount }, (_, index) => (told.liar + index) % 4)
  const world = createCopyWorld(Object.fromEntries(places.map((place) => [place, createLiar(told.lies, random)])))
  const cut = (distances: readonly number[]): void => {
    const away = told.isCut ? distances.map((distance) => `witness-${(told.liar + distance) % 4}`) : []
    world.network.setFaults(({ from, to }) => (away.includes(from) || away.includes(to) ? 'drop' : 'deliver'))
  }
  let desk = world.folder()
  await world.wait(desk.copies.recall())
  /** What each data folder left last; the one in use comes last. */
  let left: readonly Content[] = []
  for (const [number, deed] of told.deeds.entries()) {
    if (deed === 'open') {
      const open = contentOf(`task ${number}`)
      const isFirst = desk.db.prepare('SELECT 1 FROM own_copy').get() === undefined
      cut([2, 3])
      await desk.open(open)
      cut([])
      // Long enough for a second try.
      if (told.isCut) for (let round = 0; round < 3; round += 1) await world.rest()
      left = [...(isFirst ? left : left.slice(0, -1)), open]
      const own = desk.db.prepare<[], { content_hash: Buffer }>('SELECT content_hash FROM own_copy').get()
      if (own === undefined || !equalBytes(own.content_hash, sha256(packContent(open)))) return `${deed} ${number}: not left`
      continue
    }
    desk.copies.stop()
    desk = deed === 'restart' ? world.folder(desk.db) : world.folder()
    cut([1])
    await world.wait(desk.copies.recall())
    cut([])
    const isEmpty = desk.db.prepare('SELECT 1 FROM own_copy').get() === undefined
    const found = { adopted: desk.adopted, others: desk.others }
    if (!isDeepStrictEqual(found, { adopted: isEmpty ? left : [], others: [] })) return `${deed} ${number}: ${inspect(found, { depth: 4 })}`
  }
  return null
}

const runs = { numRuns: 20, seed: 20_261_201 }

describe('a witness that lies about the copies it keeps', () => {
  it(`neither takes one away nor makes one up, whatever it answers (seed ${runs.seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        expect(await live(told, 1)).toBeNull()
      }),
      runs,
    )
  })

  it('is one of f: two of four that lie are found to take copies away', async () => {
    const { failed } = await fc.check(
      fc.asyncProperty(story, async (told) => (await live(told, 2)) === null),
      { ...runs, endOnFailure: true },
    )
    expect(failed).toBe(true)
  })
})
